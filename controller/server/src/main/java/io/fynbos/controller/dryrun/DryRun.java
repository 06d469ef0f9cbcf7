package io.fynbos.controller.dryrun;

import io.fynbos.controller.compile.Delta;
import io.fynbos.controller.reconcile.Questions;
import io.fynbos.controller.reconcile.TableCompiler;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.decide.Decider;
import io.fynbos.policy.decide.Decision;
import io.fynbos.policy.decide.Ids;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.reach.ReachChange;
import io.fynbos.policy.report.HostAnswer;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Carries a change out on a copy of the state, and says what comes of it. */
public final class DryRun {

  /** Universes whose connections are asked for; when more are touched, no host is asked. */
  static final int UNIVERSES_MAX = 256;

  private final TableCompiler compiler;
  private final Questions questions;
  private final Ids ids;
  private final Executor executor;

  /** Works on the executor; ids that it assigns will be others when the change is made. */
  public DryRun(TableCompiler compiler, Questions questions, Ids ids, Executor executor) {
    this.compiler = compiler;
    this.questions = questions;
    this.ids = ids;
    this.executor = executor;
  }

  /** How it would end. */
  public sealed interface Result {}

  /** It would be refused. */
  public record Refused(Decision.Refused refusal) implements Result {}

  /**
   * It would be made.
   *
   * @param after the state that it would lead to
   * @param deltas the hosts whose flows would change
   * @param cut open connections that would end
   * @param moreCut how many besides those
   * @param unread hosts whose connections are not known, and why
   */
  public record Accepted(
      Image before,
      Image after,
      List<Change> changes,
      SortedMap<HostName, Delta> deltas,
      ReachChange reach,
      List<Cut> cut,
      long moreCut,
      SortedMap<HostName, String> unread)
      implements Result {
    public Accepted {
      changes = List.copyOf(changes);
      deltas = new TreeMap<>(deltas);
      cut = List.copyOf(cut);
      unread = new TreeMap<>(unread);
    }
  }

  /** Says what a command would do to an image. Fails when the executor takes no more work. */
  public CompletableFuture<Result> of(Image before, Command command) {
    return CompletableFuture.supplyAsync(() -> Decider.decide(before, command, ids), executor)
        .thenComposeAsync(
            decision -> {
              if (decision instanceof Decision.Refused refused) {
                return CompletableFuture.completedFuture(new Refused(refused));
              }
              return accepted(before, ((Decision.Accepted) decision).changes());
            },
            executor);
  }

  private CompletableFuture<Result> accepted(Image before, List<Change> changes) {
    Image after = changes.isEmpty() ? before : before.apply(changes, before.revision().next());
    Connections connections = new Connections(before, after);
    SortedSet<UniverseName> touched = connections.touched(changes);
    boolean all = touched.size() <= UNIVERSES_MAX;
    SortedMap<HostName, CompletableFuture<HostAnswer>> answers =
        all ? connections.ask(questions, touched) : new TreeMap<>();
    SortedMap<HostName, Delta> deltas =
        changes.isEmpty() ? new TreeMap<>() : compiler.deltas(before, after, changes);
    ReachChange reach = ReachChange.between(before, after);
    return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
        .handleAsync((done, failure) -> connections.judge(answers), executor)
        .thenApply(
            found -> {
              SortedMap<HostName, String> unread = new TreeMap<>(found.unread());
              if (!all) {
                before.hosts().keySet().forEach(host -> unread.put(host, "too much would change"));
              }
              return new Accepted(
                  before, after, changes, deltas, reach, found.cut(), found.more(), unread);
            });
  }
}
