package io.fynbos.labs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.labs.net.IpPacket;
import io.fynbos.labs.net.Segment;
import io.fynbos.labs.net.Sighting;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.labs.traffic.Stream;
import io.fynbos.labs.traffic.TcpPush;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that run while their permission comes and goes, with real packets. */
@Tag("lab")
class EstablishedLabTest {
  private static final String BLUE =
      "{kind: Universe, name: blue, prefixes: [10.0.0.0/16, 'fd00:7::/64'], defaults: {in: deny, out: allow}, keepEstablished: %s}";
  private static final String WEB_TO_DB =
      """
      kind: Policy
      universe: blue
      name: web-to-db
      tier: universe
      appliesTo: {groups: [db]}
      rules:
      - direction: in
        action: allow
        peers: [{group: web}]
        services:
        - {protocol: tcp, ports: ["5432", "8000-8080"]}
        - {protocol: udp, ports: ["53"]}
        - {protocol: icmp, type: 8}
        - {protocol: icmpv6, type: 128}
      """;
  private static final String NO_WEB_TO_DB =
      "{kind: Policy, universe: blue, name: web-to-db, delete: true}";
  private static final String OPS1 =
      "{kind: Endpoint, universe: blue, name: ops1, groups: [%s], addresses: [10.0.9.10, 'fd00:7::9:10']}";

  private static TwoHosts fabric;

  @BeforeAll
  static void up() {
    fabric = TwoHosts.up("established");
  }

  @AfterAll
  static void down() {
    fabric.close();
  }

  @BeforeEach
  void makeWhole() {
    fabric.apply(WEB_TO_DB + "---\n" + BLUE.formatted(false) + "\n---\n" + OPS1.formatted("ops"));
  }

  @Test
  void whatLosesItsPermissionIsCutBothWaysInTheSameRevisionAndGoesOnWhenItComesBack() {
    try (Conversations running = Conversations.between(fabric)) {
      assertThat(running.goOn()).isTrue();
      long enforced = fabric.apply(NO_WEB_TO_DB);
      assertThat(running.arrivedSince(enforced)).isEmpty();
      fabric.apply(WEB_TO_DB);
      assertThat(running.goOn()).isTrue();
    }
  }

  @Test
  void whereConnectionsAreKeptTheyGoOnAndNewOnesDoNotBegin() {
    fabric.apply(BLUE.formatted(true));
    try (Conversations running = Conversations.between(fabric)) {
      assertThat(running.goOn()).isTrue();
      long enforced = fabric.apply(NO_WEB_TO_DB);
      assertThat(running.goOn()).isTrue();
      try (Stream fresh =
          fabric.stream(
              running.wires(), "web1", "db1", false, port -> new Segment.Syn(port, 5432))) {
        assertThat(Await.until(() -> fresh.sent() > 50, TwoHosts.LIMIT)).isTrue();
        assertThat(fresh.stop().arrived()).isZero();
      }
      long changed = fabric.apply(BLUE.formatted(false));
      assertThat(changed).isGreaterThan(enforced);
      assertThat(running.arrivedSince(changed)).as("no longer kept").isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flush", "restart"})
  void afterALostConnectionTableAServersPacketGivesItNoPermission(String loss) {
    int client = 42_000;
    try (GuestWires wires = fabric.wires();
        Stream asking =
            fabric.stream(wires, "web1", "db1", false, port -> new Segment.Datagram(client, 53));
        TcpPush push =
            TcpPush.open(
                fabric.lab().namespace("db1"),
                new InetSocketAddress(fabric.address("db1", false), 8_020),
                fabric.lab().namespace("web1"))) {
      assertThat(Await.until(() -> asking.arrived() > 0, TwoHosts.LIMIT)).isTrue();
      asking.stop();
      try (Stream telling =
          fabric.stream(wires, "db1", "web1", false, port -> new Segment.Datagram(53, client))) {
        assertThat(Await.until(() -> telling.arrived() > 20, TwoHosts.LIMIT)).isTrue();
        lose(loss);
        long lost = System.nanoTime();
        assertThat(push.awaitBytes(100, TwoHosts.LIMIT)).as("TCP goes on").isTrue();
        int enough = telling.sent() + 100;
        assertThat(Await.until(() -> telling.sent() > enough, TwoHosts.LIMIT)).isTrue();
        assertThat(telling.arrivedSince(lost)).as("a server alone asks nothing").isZero();
      }
      assertThat(conntrack("h2")).doesNotContain("orig=(src=10.0.2.10,dst=10.0.1.10,sport=53");
      long enforced = fabric.apply(NO_WEB_TO_DB);
      assertThat(push.awaitBytes(1, TwoHosts.PACE.multipliedBy(60))).isFalse();
      assertThat(push.lastNanos()).as("what was picked up is cut").isLessThanOrEqualTo(enforced);
    }
  }

  private static void lose(String loss) {
    if (loss.equals("restart")) {
      fabric.lab().kill("h2", "vswitchd", "KILL");
      fabric.lab().start("h2", "vswitchd");
      fabric.awaitApplied();
    }
    for (String host : List.of("h1", "h2")) {
      fabric.lab().hostSwitch(host).appctl("dpctl/flush-conntrack").succeed();
    }
  }

  private static String conntrack(String host) {
    return fabric.lab().hostSwitch(host).appctl("dpctl/dump-conntrack").succeed();
  }

  /** Its old permission is never missing, the new one is there in full from then on. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aGuestThatJoinsAGroupIsAtNoTimeBlockedAndAtNoTimeOpen(boolean v6) {
    try (GuestWires wires = fabric.wires();
        Stream old = fabric.stream(wires, "ops1", "db1", v6, port -> new Segment.Syn(port, 22));
        Stream fresh =
            fabric.stream(wires, "ops1", "db1", v6, port -> new Segment.Syn(port, 5432));
        Stream other = fabric.stream(wires, "ops1", "db1", v6, port -> new Segment.Syn(port, 23))) {
      long outside = System.nanoTime();
      for (int round = 0; round < 5; round++) {
        awaitMore(fresh);
        assertThat(fresh.arrivedSince(outside)).as("open before it joins").isZero();
        long joined = fabric.apply(OPS1.formatted("ops, web"));
        awaitMore(fresh);
        long leaving = System.nanoTime();
        outside = fabric.apply(OPS1.formatted("ops"));
        assertThat(fresh.missing(joined, leaving)).as("blocked though a member").isZero();
      }
      awaitMore(fresh);
      assertThat(fresh.arrivedSince(outside)).as("open after it left").isZero();
      assertThat(old.stop().lost()).as("blocked in between").isZero();
      assertThat(other.stop().arrived()).as("open in between").isZero();
    }
  }

  private static void awaitMore(Stream stream) {
    int enough = stream.sent() + 30;
    assertThat(Await.until(() -> stream.sent() > enough, TwoHosts.LIMIT)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void laterFragmentsFollowAnAllowedFirstOneAndNeverAnother(boolean v6) {
    Set<Integer> seen = new ConcurrentSkipListSet<>();
    try (GuestWires wires = fabric.wires()) {
      wires.watch(
          (guest, sighting, nanos) -> {
            if (guest.equals("db1") && sighting.kind() == Sighting.Kind.PROBE) {
              seen.add(sighting.token());
            }
          });
      for (String client : List.of("web1", "web2")) {
        seen.clear();
        send(wires, client, fragments(wires, client, v6, 53, 100, 1));
        List<byte[]> shuffled = fragments(wires, client, v6, 53, 200, 2);
        Collections.reverse(shuffled);
        send(wires, client, shuffled);
        send(wires, client, fragments(wires, client, v6, 54, 300, 3));
        List<byte[]> headless = fragments(wires, client, v6, 53, 400, 4);
        send(wires, client, headless.subList(1, headless.size()));
        // An allowed datagram of another id between the parts of one that is not.
        List<byte[]> denied = fragments(wires, client, v6, 54, 500, 5);
        List<byte[]> allowed = fragments(wires, client, v6, 53, 600, 6);
        for (int i = 0; i < denied.size(); i++) {
          send(wires, client, List.of(denied.get(i), allowed.get(i)));
        }
        Set<Integer> expected = Set.of(100, 101, 102, 200, 201, 202, 600, 601, 602);
        assertThat(Await.until(() -> seen.containsAll(expected), TwoHosts.LIMIT))
            .as("%s: of %s came %s", client, expected, seen)
            .isTrue();
        assertThat(seen).as(client).containsExactlyInAnyOrderElementsOf(expected);
      }
    }
  }

  private static List<byte[]> fragments(
      GuestWires wires, String client, boolean v6, int port, int token, int id) {
    IpPacket packet =
        new Segment.LongDatagram(43_000 + token, port, 3)
            .packet(fabric.address(client, v6), fabric.address("db1", v6), token);
    return new ArrayList<>(
        wires.fragments(client, packet, id, Segment.LongDatagram.FRAGMENT_BYTES));
  }

  private static void send(GuestWires wires, String client, List<byte[]> frames) {
    frames.forEach(frame -> assertThat(wires.sendFrame(client, frame)).isTrue());
  }
}
