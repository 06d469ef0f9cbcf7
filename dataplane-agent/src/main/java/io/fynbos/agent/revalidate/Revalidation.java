package io.fynbos.agent.revalidate;

import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.unixctl.ControlSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until a whole round of revalidation, begun after the wait did, has ended: from then on no
 * packet is forwarded by the old tables.
 *
 * <p>{@code revalidator/wait} answers when <em>some</em> round ends, which may have begun before
 * and looked at a flow too early. So the answer counts only when it took longer than that round
 * did; otherwise the next round is waited for as well.
 *
 * <p>Rounds follow each other within {@code max-revalidator}, which is 100 ms at the least. Nobody
 * has to wait that long: a change of the tables begins a round at once, so the wait makes one that
 * means nothing. The switch's main thread gives the answer, and sleeps while it has nothing to do,
 * so it is kept awake by questions until then.
 */
public final class Revalidation {
  private static final Logger LOG = LoggerFactory.getLogger(Revalidation.class);

  /** A frozen switch runs no rounds; give up rather than wait for ever. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** The switch rounds its durations down to milliseconds. */
  private static final long ROUNDING_MILLIS = 1;

  /** Where the switch cannot be asked to wait, this many periods must do. */
  private static final Duration FALLBACK = Duration.ofMillis(100);

  /** How often the switch is kept awake. The first time, it is given something to look at. */
  private static final Duration POKE = Duration.ofMillis(4);

  private static final Pattern DUMP = Pattern.compile("dump duration\\s*:\\s*(\\d{1,9})\\s*ms");

  private final ControlSocket control;
  private final EventThread events;
  private final LongSupplier nanos;
  private final Runnable touch;

  /**
   * The clock is {@code System::nanoTime} or a test's; {@code touch} changes the tables in a way
   * that means nothing to any packet.
   */
  public Revalidation(
      ControlSocket control, EventThread events, LongSupplier nanos, Runnable touch) {
    this.control = control;
    this.events = events;
    this.nanos = nanos;
    this.touch = touch;
  }

  /**
   * Completes on the event thread when a whole round has passed; fails when the switch went away.
   */
  public CompletableFuture<Void> run() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    long begun = nanos.getAsLong();
    events.when(
        roundEnds(),
        text -> check(begun, done),
        failure -> {
          if (String.valueOf(failure.getMessage()).contains("multiple udpifs")) {
            events.later(FALLBACK, () -> done.complete(null));
          } else {
            done.completeExceptionally(failure);
          }
        });
    return done;
  }

  private void check(long begun, CompletableFuture<Void> done) {
    long waitedMillis = (nanos.getAsLong() - begun) / 1_000_000;
    events.when(
        control.run(LIMIT, "upcall/show"),
        text -> {
          if (waitedMillis > roundMillis(text) + ROUNDING_MILLIS) {
            done.complete(null);
          } else {
            again(done);
          }
        },
        done::completeExceptionally);
  }

  private void again(CompletableFuture<Void> done) {
    LOG.debug("event=revalidation-again");
    events.when(roundEnds(), text -> done.complete(null), done::completeExceptionally);
  }

  private CompletableFuture<String> roundEnds() {
    CompletableFuture<String> ends = control.run(LIMIT, "revalidator/wait");
    events.later(
        POKE,
        () -> {
          touch.run();
          poke(ends);
        });
    return ends;
  }

  private void poke(CompletableFuture<String> ends) {
    if (!ends.isDone()) {
      Runnable next = () -> events.later(POKE, () -> poke(ends));
      events.when(control.run(LIMIT, "version"), text -> next.run(), failure -> {});
    }
  }

  /** How long the last round took, over all datapaths. */
  static long roundMillis(String upcallShow) {
    long longest = 0;
    for (Matcher matcher = DUMP.matcher(upcallShow); matcher.find(); ) {
      longest = Math.max(longest, Long.parseLong(matcher.group(1)));
    }
    return longest;
  }
}
