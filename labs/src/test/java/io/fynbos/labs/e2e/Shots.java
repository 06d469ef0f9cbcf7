package io.fynbos.labs.e2e;

import io.fynbos.labs.net.Segment;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.policy.model.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** Many single packets of any kind at once, and whether each went where it should. */
final class Shots {
  private static final int TOKENS_EACH = 4;
  private static final int TRIES = 3;
  private static final Duration PACE = Duration.ofNanos(250_000);
  private static final Duration QUIET = Duration.ofMillis(250);

  private final GuestWires wires;
  private int nextToken = ThreadLocalRandom.current().nextInt(1 << 20) << 8;
  private int nextId = 1;

  Shots(GuestWires wires) {
    this.wires = wires;
  }

  /**
   * One packet.
   *
   * @param arrives whether it must reach the receiver; if not, none of it may
   * @param answered whether something must come back to the sender, too
   */
  record Shot(
      String sender,
      IpAddress source,
      String receiver,
      IpAddress destination,
      Segment segment,
      boolean arrives,
      boolean answered) {
    int parts() {
      return segment instanceof Segment.LongDatagram datagram ? datagram.fragments() : 1;
    }

    @Override
    public String toString() {
      return "%s (%s) → %s (%s) %s".formatted(sender, source, receiver, destination, segment);
    }
  }

  /** Fires all, what is missing afterwards again, and tells what was not as it must be. */
  List<String> fire(List<Shot> shots) {
    List<String> differences = new ArrayList<>();
    List<Shot> left = shots;
    for (int tries = 1; !left.isEmpty(); tries++) {
      Map<Integer, Set<String>> seen = fly(left);
      List<Shot> missing = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        Shot shot = left.get(i);
        int token = tokenOf(left, i);
        long there =
            java.util.stream.IntStream.range(token, token + shot.parts())
                .filter(part -> seen.getOrDefault(part, Set.of()).contains(shot.receiver()))
                .count();
        boolean back = seen.getOrDefault(token, Set.of()).contains(shot.sender());
        if (!shot.arrives() && there > 0) {
          differences.add(shot + " is to be blocked and ARRIVED");
        } else if (shot.arrives() && (there < shot.parts() || (shot.answered() && !back))) {
          missing.add(shot);
          if (tries == TRIES) {
            differences.add(
                "%s is allowed: %d of %d parts arrived, answered %s"
                    .formatted(shot, there, shot.parts(), back));
          }
        }
      }
      left = tries == TRIES ? List.of() : missing;
    }
    return differences;
  }

  private int tokenOf(List<Shot> shots, int index) {
    return nextToken - (shots.size() - index) * TOKENS_EACH;
  }

  /** Sends them and waits for quiet; who saw which token. */
  private Map<Integer, Set<String>> fly(List<Shot> shots) {
    Map<Integer, Set<String>> seen = new ConcurrentHashMap<>();
    long[] newest = {System.nanoTime()};
    GuestWires.Watcher watcher =
        (guest, sighting, nanos) -> {
          seen.computeIfAbsent(sighting.token(), token -> new ConcurrentSkipListSet<>()).add(guest);
          newest[0] = nanos;
        };
    wires.watch(watcher);
    long next = System.nanoTime();
    for (Shot shot : shots) {
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
      next += PACE.toNanos();
      send(shot, nextToken);
      nextToken += TOKENS_EACH;
    }
    long sent = System.nanoTime();
    Await.until(
        () -> System.nanoTime() - Math.max(sent, newest[0]) > QUIET.toNanos(), TwoHosts.LIMIT);
    wires.unwatch(watcher);
    return seen;
  }

  private void send(Shot shot, int token) {
    var packet =
        shot.segment()
            .packet(
                GuestWires.address(shot.source().toString()),
                GuestWires.address(shot.destination().toString()),
                token);
    if (shot.parts() == 1) {
      wires.send(shot.sender(), packet);
    } else {
      wires
          .fragments(shot.sender(), packet, nextId++, Segment.LongDatagram.FRAGMENT_BYTES)
          .forEach(frame -> wires.sendFrame(shot.sender(), frame));
    }
  }
}
