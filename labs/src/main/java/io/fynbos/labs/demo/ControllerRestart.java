package io.fynbos.labs.demo;

import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.labs.traffic.Stream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * The controller killed and started again while guests ping each other.
 *
 * @param answering from its start to its first answer
 * @param synchronous from its start to its word that every host has applied everything
 * @param pings what became of the pings, one account for each pair of guests
 */
public record ControllerRestart(
    Duration answering, Duration synchronous, List<Stream.Account> pings) {
  private static final Duration PACE = Duration.ofMillis(5);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int PINGS_AROUND = 100;

  public ControllerRestart {
    pings = List.copyOf(pings);
  }

  /** How many pings were lost. */
  public int lost() {
    return pings.stream().mapToInt(Stream.Account::lost).sum();
  }

  public int sent() {
    return pings.stream().mapToInt(Stream.Account::sent).sum();
  }

  /** Plays it on a lab that has the documents of two-hosts. */
  public static ControllerRestart play(Lab lab, ControllerApi api) {
    try (GuestWires wires = new GuestWires(lab, lab.topology().guests())) {
      List<Stream> streams =
          List.of(
              ping(lab, wires, "web1", "db1", false),
              ping(lab, wires, "ops1", "web2", true),
              ping(lab, wires, "green-web1", "green-db1", false));
      awaitMore(streams);
      lab.kill(Topology.CONTROLLER, "controller", "KILL");
      awaitMore(streams);
      long started = System.nanoTime();
      lab.start(Topology.CONTROLLER, "controller");
      if (!Await.until(api::answers, LIMIT)) {
        throw new LabException("the controller did not come back");
      }
      long answering = System.nanoTime();
      api.awaitApplied(api.latestRevision(), LIMIT);
      long synchronous = System.nanoTime();
      awaitMore(streams);
      List<Stream.Account> accounts = streams.stream().map(Stream::stop).toList();
      return new ControllerRestart(
          Duration.ofNanos(answering - started), Duration.ofNanos(synchronous - started), accounts);
    }
  }

  private static void awaitMore(List<Stream> streams) {
    for (Stream stream : streams) {
      int enough = stream.sent() + PINGS_AROUND;
      Await.until(() -> stream.sent() >= enough, LIMIT);
    }
  }

  private static Stream ping(Lab lab, GuestWires wires, String from, String to, boolean v6) {
    return Stream.pings(wires, from, to, address(lab, from, v6), address(lab, to, v6), PACE);
  }

  private static InetAddress address(Lab lab, String name, boolean v6) {
    Guest guest = lab.guest(name);
    return GuestWires.address(lab, guest, v6)
        .orElseThrow(() -> new LabException(name + " has no address"));
  }
}
