package io.fynbos.labs.bench.ovn;

import io.fynbos.labs.bench.GuestLink;
import io.fynbos.labs.bench.PlainBridge;
import io.fynbos.labs.bench.ovn.Network.Port;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.topology.Topology.Guest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * TCP throughput and round trips between two guests, in OVN, in Fynbos and over a plain learning
 * bridge. All are up at once and take turns, so that whatever else the machine does meets all
 * three.
 */
final class Throughput {
  private static final int ROUNDS = 7;
  private static final Duration RUN = Duration.ofSeconds(3);

  private Throughput() {}

  /** Medians of one of the three. */
  record Medians(double gigabits, double roundTripMillis) {}

  /** Medians of all three between one pair of guests. */
  record Compared(Medians fynbos, Medians ovn, Medians normal) {}

  /** A way from one guest to another. */
  private static final class Way {
    private final GuestLink link;
    private final String address;
    private final List<Double> gigabits = new ArrayList<>();
    private final List<Double> roundTrips = new ArrayList<>();

    Way(GuestLink link, String address) {
      this.link = link;
      this.address = address;
    }

    void run() {
      gigabits.add(link.gigabits(address, RUN));
      roundTrips.add(link.roundTripMillis(address));
    }

    Medians medians() {
      return new Medians(GuestLink.median(gigabits), GuestLink.median(roundTrips));
    }
  }

  /** Measures from the client to this server; both fabrics hold the same network. */
  static Compared measure(Lab fynbos, Lab ovn, Guest server, Port serverPort) {
    Guest client = Sites.client();
    try (GuestLink inFynbos = GuestLink.between(fynbos, client, server);
        GuestLink inOvn = GuestLink.between(ovn, client, server);
        PlainBridge plain = PlainBridge.between(fynbos, client, server, Sites.MTU)) {
      List<Way> ways =
          List.of(
              new Way(inFynbos, serverPort.address()),
              new Way(inOvn, serverPort.address()),
              new Way(inFynbos, plain.serverAddress()));
      for (int i = 0; i < ROUNDS; i++) {
        ways.forEach(Way::run);
      }
      return new Compared(ways.get(0).medians(), ways.get(1).medians(), ways.get(2).medians());
    }
  }
}
