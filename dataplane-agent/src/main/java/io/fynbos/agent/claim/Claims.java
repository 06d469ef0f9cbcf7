package io.fynbos.agent.claim;

import io.fynbos.agent.event.Backoff;
import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.link.ControllerApi;
import io.fynbos.agent.link.ControllerLink;
import io.fynbos.openflow.wire.PacketIn;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.wire.HostReports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the controller which guest claims which address, in the order in which they did. A guest
 * that says the same again and again is told of once in {@link #HOLD}; what it says meanwhile is
 * told after that, since another may have claimed the address in between. Claims wait while the
 * controller is away, each with its age, so that it can put those of two hosts in order.
 */
public final class Claims {
  /** Claims that wait; more are dropped, and the guest will say it again. */
  public static final int CLAIMS_MAX = 1_024;

  /** Between two reports of the same claim. */
  static final Duration HOLD = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  /** Claims of one report. */
  private static final int BATCH_MAX = 256;

  /** Packets read and not yet looked at. */
  private static final int PACKETS_MAX = 256;

  private static final Duration GATHER = Duration.ofMillis(2);
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MOST = Duration.ofSeconds(2);

  private record Claim(UUID endpoint, IpAddress address) {}

  private final ControllerLink link;
  private final EventThread events;
  private final IntFunction<Optional<UUID>> endpointAt;
  private final LongSupplier nanos;
  private final Backoff backoff;
  private final AtomicInteger packets = new AtomicInteger();
  private final Map<Claim, Long> waiting = new LinkedHashMap<>();
  private final Map<Claim, Long> sent = new LinkedHashMap<>();
  private Optional<EventThread.Scheduled> timer = Optional.empty();
  private boolean underWay;
  private long timerNanos;
  private long told;

  /**
   * @param endpointAt whose a port is; asked on the event thread
   */
  public Claims(
      ControllerLink link,
      EventThread events,
      IntFunction<Optional<UUID>> endpointAt,
      LongSupplier nanos) {
    this.link = link;
    this.events = events;
    this.endpointAt = endpointAt;
    this.nanos = nanos;
    this.backoff = events.backoff(RETRY_FIRST, RETRY_MOST);
  }

  /** Takes a packet of the claims' table, on any thread, and makes nobody wait. */
  public void packetIn(PacketIn packet) {
    Optional<IpAddress> address = ClaimFrame.read(packet.frame().toArray());
    if (address.isEmpty() || packets.get() >= PACKETS_MAX) {
      return;
    }
    packets.incrementAndGet();
    events.execute(
        () -> {
          packets.decrementAndGet();
          endpointAt
              .apply(packet.inPort())
              .ifPresent(endpoint -> claimed(new Claim(endpoint, address.get())));
        });
  }

  /** The controller can hear us. */
  public void linkUp() {
    schedule(Duration.ZERO);
  }

  /** Claims that the controller has taken. */
  public long told() {
    return told;
  }

  private void claimed(Claim claim) {
    if (waiting.size() >= CLAIMS_MAX && !waiting.containsKey(claim)) {
      LOG.warn("event=claim-dropped endpoint={} address={}", claim.endpoint, claim.address);
      return;
    }
    waiting.remove(claim);
    waiting.put(claim, nanos.getAsLong());
    schedule(GATHER);
  }

  /** The earliest of what was scheduled and this. */
  private void schedule(Duration delay) {
    long due = nanos.getAsLong() + delay.toNanos();
    if (timer.isPresent() && timerNanos - due <= 0) {
      return;
    }
    timer.ifPresent(EventThread.Scheduled::cancel);
    timerNanos = due;
    timer =
        Optional.of(
            events.later(
                delay,
                () -> {
                  timer = Optional.empty();
                  send();
                }));
  }

  private void send() {
    if (underWay || !link.isUp()) {
      return;
    }
    long now = nanos.getAsLong();
    sent.values().removeIf(at -> now - at >= HOLD.toNanos());
    Map<Claim, Long> batch = new LinkedHashMap<>();
    for (Map.Entry<Claim, Long> one : waiting.entrySet()) {
      if (batch.size() < BATCH_MAX && !sent.containsKey(one.getKey())) {
        batch.put(one.getKey(), one.getValue());
      }
    }
    if (batch.isEmpty()) {
      if (!waiting.isEmpty()) {
        schedule(HOLD);
      }
      return;
    }
    underWay = true;
    events.when(
        link.send("POST", "claims", json(batch, now)),
        answer -> answered(batch, answer),
        failure -> later(failure.toString()));
  }

  private static byte[] json(Map<Claim, Long> batch, long now) {
    List<HostReports.Claim> claims = new ArrayList<>();
    batch.forEach(
        (claim, at) -> {
          long ageMillis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - at));
          claims.add(new HostReports.Claim(claim.endpoint, claim.address, ageMillis));
        });
    return HostReports.writeClaims(claims);
  }

  private void answered(Map<Claim, Long> batch, ControllerApi.Answer answer) {
    if (answer.status() == 404) {
      underWay = false;
      link.restart("the controller does not know this host");
    } else if (answer.done() || answer.refused()) {
      underWay = false;
      long now = nanos.getAsLong();
      // What was claimed once more meanwhile is told once more.
      batch.forEach(waiting::remove);
      batch.keySet().forEach(claim -> sent.put(claim, now));
      if (answer.done()) {
        told += batch.size();
        backoff.reset();
      } else {
        LOG.warn("event=claims-refused count={} answer=\"{}\"", batch.size(), answer);
      }
      send();
    } else {
      later("status " + answer.status());
    }
  }

  private void later(String why) {
    underWay = false;
    LOG.debug("event=claims-not-told reason=\"{}\"", why);
    schedule(backoff.next());
  }
}
