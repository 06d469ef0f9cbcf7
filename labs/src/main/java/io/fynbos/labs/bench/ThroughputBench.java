package io.fynbos.labs.bench;

import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.traffic.GuestWires;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * TCP throughput and round trips through the pipeline, and through a bridge beside it that only
 * learns MACs (NORMAL), with the same kind of wires, the same Open vSwitch and the same kind of
 * tunnel. The two take turns, and the median of nine counts.
 */
final class ThroughputBench {
  private static final int RUNS = 9;
  private static final Duration RUN = Duration.ofSeconds(4);
  private static final int MTU = 1450;
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String POLICY = "/v1/universes/blue/policies/bench-throughput";

  private ThroughputBench() {}

  static void measure(Lab lab, ControllerApi api, BenchTable table) {
    long revision =
        api.change(
            "PUT",
            POLICY,
            """
            {"kind":"Policy","universe":"blue","name":"bench-throughput","tier":"universe",
             "rules":[{"direction":"in","action":"allow",
                       "services":[{"protocol":"tcp","ports":["%d"]},{"protocol":"icmp","type":8}]}]}
            """
                .formatted(GuestLink.PORT));
    api.awaitApplied(revision, LIMIT);
    try {
      measure(lab, lab.guest("web1"), lab.guest("db1"), "two hosts", table);
      measure(lab, lab.guest("web1"), lab.guest("ops1"), "one host", table);
    } finally {
      api.change("DELETE", POLICY, "");
    }
  }

  private static void measure(Lab lab, Guest client, Guest server, String where, BenchTable table) {
    String fabricServer = GuestWires.address(lab, server, false).orElseThrow().getHostAddress();
    List<Double> fabric = new ArrayList<>();
    List<Double> plain = new ArrayList<>();
    List<Double> fabricTrips = new ArrayList<>();
    List<Double> plainTrips = new ArrayList<>();
    try (GuestLink link = GuestLink.between(lab, client, server);
        PlainBridge bridge = PlainBridge.between(lab, client, server, MTU)) {
      for (int i = 0; i < RUNS; i++) {
        fabric.add(link.gigabits(fabricServer, RUN));
        plain.add(link.gigabits(bridge.serverAddress(), RUN));
        fabricTrips.add(link.roundTripMillis(fabricServer));
        plainTrips.add(link.roundTripMillis(bridge.serverAddress()));
      }
    }
    double ratio = GuestLink.median(fabric) / GuestLink.median(plain);
    table.row(
        "TCP, " + where + ": pipeline against NORMAL",
        String.format(
            Locale.ROOT,
            "%.2f against %.2f Gb/s: %.2f",
            GuestLink.median(fabric),
            GuestLink.median(plain),
            ratio),
        "≥ 0.9");
    table.row(
        "ping, " + where + ": pipeline against NORMAL",
        String.format(
            Locale.ROOT,
            "%.3f against %.3f ms",
            GuestLink.median(fabricTrips),
            GuestLink.median(plainTrips)),
        "");
  }
}
