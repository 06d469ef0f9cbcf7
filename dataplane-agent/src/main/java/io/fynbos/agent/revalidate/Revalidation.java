package io.fynbos.agent.revalidate;

import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.unixctl.ControlSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no packet is forwarded by the old tables any more.
 *
 * <p>A switch in userspace is told to forget all it has cached, {@code revalidator/purge}, and the
 * next packet of each flow is looked up in the tables. Open vSwitch 3.1 cannot be trusted to mend
 * what it has cached there: it finds the flow to change by its key, hits another that overlaps it,
 * and takes the first for mended ever after. A packet that was being looked up during the first
 * purge may have left something behind, so there are two.
 *
 * <p>With a switch in the kernel a whole round of revalidation, begun after the wait did, is
 * awaited. {@code revalidator/wait} answers when <em>some</em> round ends, which may have begun
 * before and looked at a flow too early. The round that ends next cannot have: so there are always
 * two waits. Rounds follow each other within {@code max-revalidator}, which is 100 ms at the least.
 * Nobody has to wait that long: a change of the tables begins a round at once, so each wait makes
 * one that means nothing. The switch's main thread gives the answer, and sleeps while it has
 * nothing to do, so it is kept awake by questions until then.
 */
public final class Revalidation {
  private static final Logger LOG = LoggerFactory.getLogger(Revalidation.class);

  /** A switch that waits for its flows runs no rounds; give up rather than wait for ever. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** With two kinds of datapath the switch cannot be asked; then so much longer than two rounds. */
  private static final Duration MARGIN = Duration.ofMillis(50);

  /** Between two questions that keep the switch awake. */
  private static final Duration POKE = Duration.ofMillis(2);

  private static final Pattern DUMP = Pattern.compile("dump duration\\s*:\\s*(\\d{1,9})\\s*ms");

  private final ControlSocket control;
  private final EventThread events;
  private final Runnable touch;
  private final Duration period;
  private final boolean userspace;

  /**
   * Waits for the switch behind the control socket.
   *
   * @param touch changes the tables in a way that means nothing to any packet
   * @param period how often rounds begin by themselves
   * @param userspace whether the switch forwards in userspace
   */
  public Revalidation(
      ControlSocket control,
      EventThread events,
      Runnable touch,
      Duration period,
      boolean userspace) {
    this.control = control;
    this.events = events;
    this.touch = touch;
    this.period = period;
    this.userspace = userspace;
  }

  /** Completes on the event thread when it is so; fails when the switch went away. */
  public CompletableFuture<Void> run() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (userspace) {
      purge(done, () -> purge(done, () -> done.complete(null)));
    } else {
      round(done, () -> round(done, () -> done.complete(null)));
    }
    return done;
  }

  private void purge(CompletableFuture<Void> done, Runnable then) {
    events.when(
        control.run(LIMIT, "revalidator/purge"), text -> then.run(), done::completeExceptionally);
  }

  /** The touch must not come before the wait: once another command is answered, the wait is in. */
  private void round(CompletableFuture<Void> done, Runnable then) {
    CompletableFuture<String> ends = control.run(LIMIT, "revalidator/wait");
    events.when(ends, text -> then.run(), failure -> failed(done, failure));
    events.when(
        control.run(LIMIT, "version"),
        text -> {
          touch.run();
          poke(ends);
        },
        done::completeExceptionally);
  }

  private void poke(CompletableFuture<String> ends) {
    events.later(
        POKE,
        () -> {
          if (!ends.isDone()) {
            events.when(control.run(LIMIT, "version"), text -> poke(ends), failure -> {});
          }
        });
  }

  private void failed(CompletableFuture<Void> done, Throwable failure) {
    if (!String.valueOf(failure.getMessage()).contains("multiple udpifs")) {
      done.completeExceptionally(failure);
      return;
    }
    events.when(
        control.run(LIMIT, "upcall/show"),
        text -> {
          Duration round = period.plusMillis(roundMillis(text));
          LOG.debug("event=revalidation-by-time millis={}", round.toMillis());
          events.later(round.multipliedBy(2).plus(MARGIN), () -> done.complete(null));
        },
        done::completeExceptionally);
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
