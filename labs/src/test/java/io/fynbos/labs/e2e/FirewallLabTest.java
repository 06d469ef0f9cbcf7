package io.fynbos.labs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.labs.check.Check;
import io.fynbos.labs.check.CheckReport;
import io.fynbos.labs.demo.RuleCut;
import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.IpPacket;
import io.fynbos.labs.net.Segment;
import io.fynbos.labs.net.Sighting;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.labs.traffic.Stream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two hosts with real Open vSwitch, seven guests, every rule of the two-hosts documents. */
@Tag("lab")
class FirewallLabTest {
  private static TwoHosts fabric;

  @BeforeAll
  static void up() {
    fabric = TwoHosts.up("firewall");
  }

  @AfterAll
  static void down() {
    fabric.close();
  }

  @Test
  void everyPairAndServiceIsAsTheOracleSays() {
    CheckReport report = Check.of(fabric.lab());
    System.out.println(report.text());
    assertThat(report.differences()).isEmpty();
    assertThat(report.arrived()).isPositive().isLessThan(report.probes());
  }

  @Test
  void aRuleTakenAwayCutsAnOpenConnectionAndComingBackLetsItGoOn() {
    RuleCut cut = RuleCut.play(fabric.lab(), fabric.api());
    System.out.println(cut);
    assertThat(cut.bytesAfterwards()).isZero();
    assertThat(cut.lastByte()).isLessThanOrEqualTo(cut.enforced());
  }

  @Test
  void duplicateAddressDetectionFindsNoOne() {
    for (String guest : fabric.guests()) {
      assertThat(fabric.in(guest, "ip", "-6", "addr", "show", "dev", "eth0").output())
          .contains("fe80:")
          .contains("fd00:7:")
          .doesNotContain("dadfailed")
          .doesNotContain("tentative");
      String own =
          GuestWires.address(fabric.lab(), fabric.lab().guest(guest), false)
              .orElseThrow()
              .getHostAddress();
      Command.Result probe = fabric.in(guest, "arping", "-D", "-c", "2", "-I", "eth0", own);
      assertThat(probe.status()).as(probe.output()).isZero();
    }
  }

  @Test
  void aGuestFindsItsRouterButNobodyElseByArp() {
    assertThat(fabric.in("web1", "arping", "-c", "1", "-w", "2", "-I", "eth0", "169.254.1.1"))
        .extracting(Command.Result::output)
        .asString()
        .containsIgnoringCase("0e:00:00:00:00:01");
    assertThat(fabric.in("web1", "ip", "neigh", "show", "10.0.2.10").output()).isBlank();
  }

  @Test
  void nothingSpoofedArrives() {
    InetAddress web1 = address("web1", false);
    InetAddress web2 = address("web2", false);
    InetAddress db1 = address("db1", false);
    InetAddress web1v6 = address("web1", true);
    InetAddress web2v6 = address("web2", true);
    InetAddress db1v6 = address("db1", true);
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    try (GuestWires wires = fabric.wires()) {
      wires.watch(
          (guest, sighting, nanos) -> {
            if (sighting.kind() == Sighting.Kind.PROBE && !guest.equals("web1")) {
              seen.add(sighting.token());
            }
          });
      List<IpPacket> spoofed =
          List.of(
              new Segment.Syn(40_001, 5432).packet(web2, db1, 101),
              new Segment.Syn(40_002, 5432).packet(GuestWires.address("8.8.8.8"), db1, 102),
              new Segment.Syn(40_003, 5432).packet(web2v6, db1v6, 103),
              new Segment.Datagram(40_004, 53).packet(GuestWires.address("0.0.0.0"), db1, 104),
              new Segment.Datagram(40_005, 53).packet(GuestWires.address("fe80::99"), db1v6, 105));
      spoofed.forEach(packet -> assertThat(wires.send("web1", packet)).isTrue());
      // Another's MAC with its own address is no better; its own of both comes through.
      wires.sendAs("web1", "web2", new Segment.Syn(40_006, 5432).packet(web1, db1, 106));
      wires.send("web1", new Segment.Syn(40_007, 5432).packet(web1, db1, 107));
      wires.send("web1", new Segment.Syn(40_008, 5432).packet(web1v6, db1v6, 108));
      assertThat(Await.until(() -> seen.containsAll(Set.of(107, 108)), Duration.ofSeconds(2)))
          .isTrue();
    }
    assertThat(seen).containsExactlyInAnyOrder(107, 108);
  }

  @Test
  void twoGuestsWithOneAddressAreRefused() {
    var answer =
        fabric
            .api()
            .call(
                "PUT",
                "/v1/universes/blue/endpoints/thief",
                "{\"kind\":\"Endpoint\",\"universe\":\"blue\",\"name\":\"thief\",\"addresses\":[\"10.0.1.10\"]}");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body().path("type").asText()).endsWith("address-taken");
  }

  @Test
  void anOperatorsFlowInOurTablesGoesAtTheNextReadBackAndOneElsewhereStays() {
    var ovs = fabric.lab().hostSwitch("h1");
    ovs.ofctl("add-flow", "br-int", "table=30,priority=64999,actions=goto_table:40").succeed();
    ovs.ofctl("add-flow", "br-int", "table=200,priority=5,actions=drop").succeed();
    fabric.lab().kill("controller", "controller", "KILL");
    fabric.lab().start("controller", "controller");
    assertThat(Await.until(fabric.api()::answers, TwoHosts.LIMIT)).isTrue();
    fabric.awaitApplied();
    assertThat(ovs.ofctl("dump-flows", "br-int", "table=30").succeed())
        .doesNotContain("priority=64999");
    assertThat(ovs.ofctl("dump-flows", "br-int", "table=200").succeed()).contains("priority=5");
    assertThat(fabric.log("controller.controller")).contains("table=30");
  }

  @Test
  void guestsPingEachOtherWithTheirOwnTools() {
    assertThat(fabric.in("web1", "ping", "-c", "2", "-i", "0.2", "10.0.2.10").status()).isZero();
    assertThat(fabric.in("web1", "ping", "-c", "2", "-i", "0.2", "fd00:7::2:10").status()).isZero();
    assertThat(fabric.in("web1", "ping", "-c", "1", "-W", "1", "10.0.9.10").status()).isOne();
    try (GuestWires wires = fabric.wires();
        Stream forbidden = fabric.stream(wires, "web1", "db1", false, TwoHosts.FORBIDDEN)) {
      Await.until(() -> forbidden.sent() >= 100, TwoHosts.LIMIT);
      assertThat(forbidden.stop().arrived()).isZero();
    }
  }

  private static InetAddress address(String guest, boolean v6) {
    return GuestWires.address(fabric.lab(), fabric.lab().guest(guest), v6).orElseThrow();
  }
}
