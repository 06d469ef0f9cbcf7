package io.fynbos.labs.check;

import io.fynbos.labs.net.Sighting;
import io.fynbos.labs.traffic.GuestWires;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Many probes in flight at once. Sent at a pace that a busy switch still takes, and waited for
 * until nothing has come for a while.
 */
public final class Volley {
  private static final Duration PACE = Duration.ofNanos(250_000);
  private static final Duration QUIET = Duration.ofMillis(300);
  private static final Duration LIMIT = Duration.ofSeconds(3);

  /** How often what is missing is tried again: rejects are metered, and a busy machine is late. */
  private static final int TRIES = 3;

  private final GuestWires wires;

  public Volley(GuestWires wires) {
    this.wires = wires;
  }

  /** Sends all and tells what became of each, in their order. */
  List<Outcome> fire(List<Probe> probes) {
    int first = ThreadLocalRandom.current().nextInt();
    List<Set<String>> arrivals = new ArrayList<>();
    List<Set<String>> answers = new ArrayList<>();
    for (int i = 0; i < probes.size(); i++) {
      arrivals.add(ConcurrentHashMap.newKeySet());
      answers.add(ConcurrentHashMap.newKeySet());
    }
    AtomicLong newest = new AtomicLong(System.nanoTime());
    GuestWires.Watcher watcher =
        (guest, sighting, nanos) -> {
          int index = sighting.token() - first;
          if (index < 0 || index >= probes.size()) {
            return;
          }
          newest.set(nanos);
          boolean atSender = guest.equals(probes.get(index).sender().name());
          if (atSender) {
            answers.get(index).add(guest);
          } else if (sighting.kind() != Sighting.Kind.ERROR) {
            arrivals.get(index).add(guest);
          }
        };
    wires.watch(watcher);
    try {
      send(probes, first);
      awaitQuiet(newest);
    } finally {
      wires.unwatch(watcher);
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < probes.size(); i++) {
      outcomes.add(new Outcome(probes.get(i), arrivals.get(i), !answers.get(i).isEmpty()));
    }
    return outcomes;
  }

  private void send(List<Probe> probes, int first) {
    long next = System.nanoTime();
    for (int i = 0; i < probes.size(); i++) {
      Probe probe = probes.get(i);
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
      next += PACE.toNanos();
      wires.send(
          probe.sender().name(),
          probe
              .service()
              .segment(probe.sourcePort())
              .packet(probe.source(), probe.destination(), first + i));
    }
  }

  private static void awaitQuiet(AtomicLong newest) {
    long began = System.nanoTime();
    newest.accumulateAndGet(began, Math::max);
    long now = began;
    while (now - newest.get() < QUIET.toNanos() && now - began < LIMIT.toNanos()) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      now = System.nanoTime();
    }
  }

  /**
   * Sends all, and what is missing afterwards again, a few times.
   *
   * @param refreshed the same probe as a connection of its own
   */
  public List<Outcome> fire(List<Probe> probes, UnaryOperator<Probe> refreshed) {
    List<Outcome> outcomes = new ArrayList<>(fire(probes));
    for (int tries = 1; tries < TRIES; tries++) {
      List<Integer> missing =
          IntStream.range(0, outcomes.size())
              .filter(index -> outcomes.get(index).missing())
              .boxed()
              .toList();
      if (missing.isEmpty()) {
        break;
      }
      List<Outcome> again =
          fire(
              missing.stream().map(index -> refreshed.apply(outcomes.get(index).probe())).toList());
      for (int i = 0; i < missing.size(); i++) {
        outcomes.set(missing.get(i), again.get(i));
      }
    }
    return outcomes;
  }
}
