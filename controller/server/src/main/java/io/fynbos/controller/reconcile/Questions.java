package io.fynbos.controller.reconcile;

import io.fynbos.policy.model.HostName;
import io.fynbos.policy.report.HostAnswer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Questions to agents that wait for an answer. Each has a deadline; a stream that begins anew gets
 * all that still wait.
 *
 * <p>Callable from any thread.
 */
public final class Questions {
  /** How long an agent has, unless the asker says otherwise. */
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Questions to one host that may wait at once; one more fails at once. */
  static final int WAITING_MAX = 64;

  /**
   * A question under the id that its answer names.
   *
   * @param patience how long the asker waits
   */
  public record Asked(long id, Question question, Duration patience) {}

  private record Waiting(Asked asked, CompletableFuture<HostAnswer> answer) {}

  private final Predicate<HostName> present;
  private final Consumer<HostName> wake;
  private final Map<HostName, NavigableMap<Long, Waiting>> waiting = new HashMap<>();
  private long last;

  /**
   * Nothing has been asked.
   *
   * @param present whether a host's agent follows its orders
   * @param wake tells a host's stream that there is something new
   */
  Questions(Predicate<HostName> present, Consumer<HostName> wake) {
    this.present = present;
    this.wake = wake;
  }

  /** Asks; the future fails with {@link Unanswered} when the agent cannot or does not answer. */
  public CompletableFuture<HostAnswer> ask(HostName host, Question question, Duration patience) {
    if (!present.test(host)) {
      return CompletableFuture.failedFuture(new Unanswered("its agent is not connected"));
    }
    CompletableFuture<HostAnswer> answer = new CompletableFuture<>();
    long id;
    synchronized (this) {
      NavigableMap<Long, Waiting> asked = waiting.computeIfAbsent(host, none -> new TreeMap<>());
      if (asked.size() >= WAITING_MAX) {
        return CompletableFuture.failedFuture(
            new Unanswered("it has " + WAITING_MAX + " questions waiting"));
      }
      id = ++last;
      asked.put(id, new Waiting(new Asked(id, question, patience), answer));
    }
    CompletableFuture<HostAnswer> late = new CompletableFuture<>();
    var timer =
        late.completeOnTimeout(
                new HostAnswer.Failure(
                    "its agent did not answer within " + patience.toMillis() + " ms"),
                patience.toMillis(),
                TimeUnit.MILLISECONDS)
            .thenAccept(failure -> answer(host, id, failure));
    wake.accept(host);
    return answer.whenComplete((done, failure) -> timer.cancel(false));
  }

  /** What a host is asked after the question of an id, in order. */
  public synchronized List<Asked> after(HostName host, long id) {
    NavigableMap<Long, Waiting> asked = waiting.get(host);
    return asked == null
        ? List.of()
        : asked.tailMap(id, false).values().stream().map(Waiting::asked).toList();
  }

  /** Takes an answer; false when nobody waits for it, or no longer. */
  public boolean answer(HostName host, long id, HostAnswer answer) {
    Waiting found;
    synchronized (this) {
      NavigableMap<Long, Waiting> asked = waiting.get(host);
      found = asked == null ? null : asked.remove(id);
      if (asked != null && asked.isEmpty()) {
        waiting.remove(host);
      }
    }
    if (found == null) {
      return false;
    }
    if (answer instanceof HostAnswer.Failure failure) {
      found.answer().completeExceptionally(new Unanswered(failure.error()));
    } else {
      found.answer().complete(answer);
    }
    return true;
  }
}
