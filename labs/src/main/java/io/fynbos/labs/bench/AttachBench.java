package io.fynbos.labs.bench;

import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.labs.traffic.Stream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long a guest waits between being plugged in and its first answered ping. */
final class AttachBench {
  private static final int ROUNDS = 50;
  private static final Duration PACE = Duration.ofMillis(2);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private AttachBench() {}

  static void measure(Lab lab, BenchTable table) {
    Guest guest = lab.guest("web2");
    Guest peer = lab.guest("db1");
    Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    try (GuestWires wires = new GuestWires(lab, List.of(guest, peer))) {
      for (int i = 0; i < ROUNDS; i++) {
        lab.detach(guest);
        try (Stream pings =
            Stream.pings(
                wires,
                guest.name(),
                peer.name(),
                GuestWires.address(lab, guest, false).orElseThrow(),
                GuestWires.address(lab, peer, false).orElseThrow(),
                PACE)) {
          awaitSilence(pings);
          long began = System.nanoTime();
          lab.plug(guest);
          if (!Await.until(() -> pings.answeredSince(began), LIMIT)) {
            throw new LabException("web2 was plugged in and nobody answered its pings");
          }
          micros.recordValue(TimeUnit.NANOSECONDS.toMicros(pings.firstAnswerAfter(began) - began));
        }
      }
    }
    table.row("attach → first ping answered", micros, "≤ 200 ms");
  }

  /** Until the port is gone: a tenth of a second without any answer. */
  private static void awaitSilence(Stream pings) {
    long[] last = {System.nanoTime()};
    int[] answered = {-1};
    Await.until(
        () -> {
          if (pings.answered() != answered[0]) {
            answered[0] = pings.answered();
            last[0] = System.nanoTime();
          }
          return System.nanoTime() - last[0] > Duration.ofMillis(100).toNanos();
        },
        LIMIT);
  }
}
