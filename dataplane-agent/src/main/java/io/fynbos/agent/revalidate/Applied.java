package io.fynbos.agent.revalidate;

import io.fynbos.agent.event.Backoff;
import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.link.ControllerApi;
import io.fynbos.agent.link.ControllerLink;
import io.fynbos.agent.link.Order;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.wire.HostMessages;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the order to revalidate and to forget the connections of universes that have left,
 * and reports when it is done: one round at a time, for the latest revision ordered when it began.
 * A switch that waits or is away is waited for; the report is tried until the controller takes it
 * or says goodbye, since it orders again when it is back.
 */
public final class Applied {
  private static final Logger LOG = LoggerFactory.getLogger(Applied.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(20);
  private static final Duration RETRY_MOST = Duration.ofSeconds(1);

  private final Revalidation revalidation;
  private final Zones zones;
  private final ControllerLink link;
  private final EventThread events;
  private final Runnable done;
  private final Backoff backoff;
  private Optional<Order.Revalidate> ordered = Optional.empty();
  private Revision last = Revision.NONE;
  private boolean switchRuns;
  private boolean underWay;

  /** Runs {@code done} whenever something was applied. */
  public Applied(
      Revalidation revalidation,
      Zones zones,
      ControllerLink link,
      EventThread events,
      Runnable done) {
    this.revalidation = revalidation;
    this.zones = zones;
    this.link = link;
    this.events = events;
    this.done = done;
    this.backoff = events.backoff(RETRY_FIRST, RETRY_MOST);
  }

  /** The controller wants to hear when a revision is applied. */
  public void order(Order.Revalidate order) {
    ordered = Optional.of(order);
    advance();
  }

  /** Whether there is a switch that forwards. */
  public void switchRuns(boolean runs) {
    switchRuns = runs;
    advance();
  }

  /** What the controller ordered is void; it orders anew when it is back. */
  public void linkDown() {
    ordered = Optional.empty();
  }

  /** The last revision reported. */
  public Revision revision() {
    return last;
  }

  private void advance() {
    if (underWay || !switchRuns || ordered.isEmpty()) {
      return;
    }
    underWay = true;
    Order.Revalidate order = ordered.get();
    ordered = Optional.empty();
    events.when(revalidation.run(), round -> forget(order), failure -> failed(order, failure));
  }

  /** No flow leads to the zones of what has left any more, so that nothing comes back to them. */
  private void forget(Order.Revalidate order) {
    if (order.zones().isEmpty()) {
      report(order);
      return;
    }
    events.when(
        zones.keepOnly(order.zones().get()),
        flushed -> report(order),
        failure -> failed(order, failure));
  }

  private void report(Order.Revalidate order) {
    events.when(
        link.send("POST", "applied", HostMessages.writeRevision(order.revision())),
        answer -> reported(order.revision(), answer),
        failure -> failed(order, failure));
    done.run();
  }

  private void reported(Revision revision, ControllerApi.Answer answer) {
    underWay = false;
    backoff.reset();
    if (answer.done()) {
      last = revision;
      LOG.debug("event=applied revision={}", revision);
    } else {
      LOG.warn("event=applied-refused revision={} status={}", revision, answer.status());
    }
    advance();
  }

  private void failed(Order.Revalidate order, Throwable failure) {
    LOG.warn("event=not-applied revision={} reason=\"{}\"", order.revision(), failure.toString());
    events.later(
        backoff.next(),
        () -> {
          underWay = false;
          if (ordered.isEmpty() && link.isUp()) {
            ordered = Optional.of(order);
          }
          advance();
        });
  }
}
