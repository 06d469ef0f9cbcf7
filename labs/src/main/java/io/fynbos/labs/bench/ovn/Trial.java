package io.fynbos.labs.bench.ovn;

import io.fynbos.labs.bench.GuestLink;
import io.fynbos.labs.bench.ovn.Fabric.Until;
import io.fynbos.labs.bench.ovn.Network.Port;
import io.fynbos.labs.bench.ovn.Network.Rule;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.runner.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One network in one fabric: built, changed, and what that took. */
final class Trial {
  private static final int WARM_UP = 5;
  private static final int ROUNDS = 30;
  private static final int ROUNDS_MIN = 5;
  private static final int PROBES = 11;
  private static final int COUNTED_CHANGES = 20;

  /** A fabric that is slow is changed less often, but not less than {@link #ROUNDS_MIN} times. */
  private static final Duration ROUNDS_LIMIT = Duration.ofSeconds(15);

  private static final Duration ARRIVAL_LIMIT = Duration.ofSeconds(20);

  /** How long nothing must arrive before a probe counts as stopped. */
  private static final Duration SILENCE = Duration.ofMillis(120);

  private static final int RULE_PROBE_PORT = Network.PROBE_PORT + 1;

  private final Fabric fabric;
  private final Network network;
  private final Progress progress;

  /**
   * What was measured. Times are medians in milliseconds.
   *
   * @param buildMillis from the first call to the whole network's being enforced on both hosts
   * @param ruleMillis from the change of a rule to its being enforced, as each side knows it
   * @param barrierMillis the same, only to the switches' answer to the barrier
   * @param rulePacketMillis from putting a rule to the first packet that passes by it
   * @param joinPacketMillis from joining a group to the first packet that passes by that, when
   *     another endpoint is in just these groups already
   * @param newJoinPacketMillis the same, when no other is
   * @param changeCpuMillis of all the control plane's processes, for one change of a rule
   * @param residentMebibytes of all of them, after all changes
   * @param flows of the first host's pipeline
   */
  record Measured(
      double buildMillis,
      double buildCpuMillis,
      double ruleMillis,
      double barrierMillis,
      double rulePacketMillis,
      double joinPacketMillis,
      double newJoinPacketMillis,
      double changeCpuMillis,
      double residentMebibytes,
      long flows) {}

  private Trial(Fabric fabric, Network network, Progress progress) {
    this.fabric = fabric;
    this.network = network;
    this.progress = progress;
  }

  static Measured of(Fabric fabric, Network network, Progress progress) {
    return new Trial(fabric, network, progress).run();
  }

  private Measured run() {
    Cost empty = Cost.of(fabric.controlPlane());
    long began = System.nanoTime();
    fabric.load(network);
    double build = millisSince(began);
    Cost built = Cost.of(fabric.controlPlane());
    told("built in %.1f s".formatted(build / 1e3));
    if (!Sites.reaches(fabric.lab(), Sites.client(), network.remoteServer().address())
        || !Sites.reaches(fabric.lab(), Sites.client(), network.localServer().address())) {
      throw new LabException(fabric.name() + " was built, and its guests do not reach each other");
    }
    double barrier = changes(Until.INSTALLED);
    double rule = changes(Until.ENFORCED);
    told("rules changed");
    Cost before = Cost.of(fabric.controlPlane());
    for (int i = 0; i < COUNTED_CHANGES / 2; i++) {
      fabric.put(Network.changing(i), Until.ENFORCED_ASKING_SELDOM);
      fabric.take(Network.changing(i), Until.ENFORCED_ASKING_SELDOM);
    }
    Cost after = Cost.of(fabric.controlPlane());
    double rulePacket = GuestLink.median(rulePackets());
    double joinPacket = GuestLink.median(joinPackets(false));
    double newJoinPacket = GuestLink.median(joinPackets(true));
    told("first packets seen");
    return new Measured(
        build,
        1e3 * (built.cpuSeconds() - empty.cpuSeconds()),
        rule,
        barrier,
        rulePacket,
        joinPacket,
        newJoinPacket,
        1e3 * (after.cpuSeconds() - before.cpuSeconds()) / COUNTED_CHANGES,
        Cost.of(fabric.controlPlane()).residentKibibytes() / 1024.0,
        Sites.flows(fabric.lab(), Sites.FIRST));
  }

  private void told(String what) {
    progress.done("%s, %,d endpoints: %s".formatted(fabric.name(), network.ports().size(), what));
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }

  /** A rule comes and goes; both count. */
  private double changes(Until until) {
    List<Double> millis = new ArrayList<>();
    long end = System.nanoTime() + ROUNDS_LIMIT.toNanos();
    for (int i = -WARM_UP; i < ROUNDS && (i < ROUNDS_MIN || System.nanoTime() < end); i++) {
      Rule rule = Network.changing(WARM_UP + i);
      long put = System.nanoTime();
      fabric.put(rule, until);
      double putMillis = millisSince(put);
      long taken = System.nanoTime();
      fabric.take(rule, until);
      if (i >= 0) {
        millis.add(putMillis);
        millis.add(millisSince(taken));
      }
    }
    return GuestLink.median(millis);
  }

  /** From putting a rule to the first packet that it lets through. */
  private List<Double> rulePackets() {
    Port client = network.client();
    Rule rule =
        new Rule(
            "probe",
            network.remoteServer().groups().first(),
            Optional.of(client.groups().first()),
            "udp",
            RULE_PROBE_PORT);
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < PROBES; i++) {
      millis.add(
          first(
              RULE_PROBE_PORT,
              () -> fabric.put(rule, Until.ENFORCED),
              () -> fabric.take(rule, Until.ENFORCED)));
    }
    return millis;
  }

  /** From joining a group to the first packet that the membership lets through. */
  private List<Double> joinPackets(boolean newSet) {
    Port client = network.client();
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < PROBES; i++) {
      String group = newSet ? Network.askingGroup(i) : Network.GROUP_OF_TWIN;
      millis.add(
          first(
              Network.PROBE_PORT,
              () -> fabric.join(client, group),
              () -> fabric.leave(client, group)));
    }
    return millis;
  }

  /** Milliseconds from the beginning of what lets the packets through to the first one. */
  private double first(int port, Runnable allow, Runnable deny) {
    Namespace client = fabric.lab().namespace(Sites.client().name());
    Namespace server = fabric.lab().namespace(Sites.remoteServer().name());
    String address = network.remoteServer().address();
    awaitSilence(client, server, address, port);
    try (FirstPacket probe = FirstPacket.between(client, server, address, port)) {
      if (Await.until(probe::arrived, SILENCE)) {
        throw new LabException("%s lets the probe through too early".formatted(fabric.name()));
      }
      long began = System.nanoTime();
      allow.run();
      double millis = (probe.arrivedNanos(ARRIVAL_LIMIT) - began) / 1e6;
      deny.run();
      return millis;
    }
  }

  /** Until cached decisions of the round before are gone too. */
  private static void awaitSilence(Namespace client, Namespace server, String address, int port) {
    Await.until(
        () -> {
          try (FirstPacket probe = FirstPacket.between(client, server, address, port)) {
            return !Await.until(probe::arrived, SILENCE);
          }
        },
        ARRIVAL_LIMIT);
  }
}
