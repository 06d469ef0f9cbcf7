package io.fynbos.controller.walk;

import static io.fynbos.controller.compile.Fabric.in;
import static io.fynbos.controller.compile.Fabric.out;
import static io.fynbos.controller.compile.Fabric.peers;
import static io.fynbos.controller.compile.Fabric.policy;
import static io.fynbos.controller.compile.Fabric.tcp;
import static io.fynbos.controller.compile.Fabric.udp;
import static io.fynbos.controller.compile.Specimen.H1;
import static io.fynbos.controller.compile.Specimen.H2;
import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.controller.compile.Fabric;
import io.fynbos.controller.compile.Specimen;
import io.fynbos.controller.pipeline.Router;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.Tier;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the edge does apart from judging: who may send what, who is answered, what comes by a
 * tunnel. On h1 are blue/web1 (port 1, MAC …01, 10.0.1.10) and red/core1 (port 3, MAC …06, the same
 * addresses); on h2 blue/db1 (port 1, 10.0.1.20).
 */
class EdgeTest {
  private static final long WEB1 = 0x0200_0000_0001L;
  private static final long CORE1 = 0x0200_0000_0006L;
  private static final int WEB1_PORT = 1;
  private static final int CORE1_PORT = 3;

  private final Image image = open().image();
  private final MiniFabric fabric = new MiniFabric(image);

  /** The specimen's places with everything allowed in blue. */
  private static Fabric open() {
    return Specimen.places()
        .policy(policy("blue/open", Tier.UNIVERSE, 1000, List.of(), in(Action.ALLOW, List.of())));
  }

  private Optional<String> arrives(int port, Fields packet) {
    return fabric.send(H1, port, packet).arrived().map(Object::toString);
  }

  /** What comes back out of the port that the frame went in by. */
  private Optional<Fields> answer(int port, Fields frame) {
    Walk walk =
        new Walk(
            Walk.tables(EdgeCompiler.full(image, H1).sorted()),
            new Tracker(),
            frame.copy().put(OxmField.IN_PORT, port));
    return walk.sent().stream()
        .filter(sent -> sent.port() == port)
        .map(Walk.Sent::packet)
        .findFirst();
  }

  // --- admission -----------------------------------------------------------------------------

  @Test
  void aGuestSendsByItsOwnMacAndAddressesOnly() {
    assertThat(arrives(WEB1_PORT, Probe.tcp(WEB1, "10.0.1.10", "10.0.1.20", 80)))
        .contains("blue/db1");
    assertThat(arrives(WEB1_PORT, Probe.tcp(WEB1, "fd00:7::10", "fd00:7::20", 80)))
        .contains("blue/db1");
    assertThat(arrives(WEB1_PORT, Probe.tcp(CORE1, "10.0.1.10", "10.0.1.20", 80))).isEmpty();
    assertThat(arrives(WEB1_PORT, Probe.tcp(WEB1, "10.0.1.11", "10.0.1.20", 80))).isEmpty();
    assertThat(arrives(WEB1_PORT, Probe.tcp(WEB1, "fd00:7::11", "fd00:7::20", 80))).isEmpty();
    assertThat(arrives(WEB1_PORT, Probe.tcp(WEB1, "0.0.0.0", "10.0.1.20", 80))).isEmpty();
    assertThat(arrives(9, Probe.tcp(WEB1, "10.0.1.10", "10.0.1.20", 80))).isEmpty();
  }

  @Test
  void taggedFramesEndHere() {
    Fields tagged = Probe.tcp(WEB1, "10.0.1.10", "10.0.1.20", 80).put(OxmField.VLAN_VID, 0x1005);
    assertThat(arrives(WEB1_PORT, tagged)).isEmpty();
  }

  @Test
  void equalAddressesOfTwoUniversesNeverMeet() {
    assertThat(arrives(WEB1_PORT, Probe.tcp(WEB1, "10.0.1.10", "10.0.1.30", 80)))
        .contains("blue/both");
    assertThat(arrives(CORE1_PORT, Probe.tcp(CORE1, "10.0.1.10", "10.0.1.30", 80))).isEmpty();
    assertThat(arrives(WEB1_PORT, Probe.tcp(WEB1, "10.0.1.10", "10.0.1.10", 80))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "134, 255", // router advertisement
    "136, 255", // neighbour advertisement
    "137, 255", // redirect
    "133, 255", // router solicitation
  })
  void guestsAreNoRouters(int type, int ttl) {
    Fields packet = Probe.icmp(WEB1, "fd00:7::10", "fd00:7::20", type).put(OxmField.IP_TTL, ttl);
    assertThat(arrives(WEB1_PORT, packet)).isEmpty();
    assertThat(answer(WEB1_PORT, packet)).isEmpty();
  }

  @Test
  void guestsAreNoDhcpServers() {
    assertThat(arrives(WEB1_PORT, Probe.udp(WEB1, "10.0.1.10", "10.0.1.20", 67, 68))).isEmpty();
    assertThat(arrives(WEB1_PORT, Probe.udp(WEB1, "fd00:7::10", "fd00:7::20", 547, 546))).isEmpty();
    assertThat(arrives(WEB1_PORT, Probe.udp(WEB1, "10.0.1.10", "10.0.1.20", 68, 67)))
        .contains("blue/db1");
  }

  @Test
  void whatIsForTheLinkGoesNowhere() {
    for (String to : List.of("169.254.169.252", "224.0.0.5", "255.255.255.255", "240.0.0.1")) {
      assertThat(arrives(WEB1_PORT, Probe.udp(WEB1, "10.0.1.10", to, 5000, 5000))).isEmpty();
    }
    for (String to : List.of("fe80::2", "ff02::1", "ff05::2")) {
      assertThat(arrives(WEB1_PORT, Probe.udp(WEB1, "fd00:7::10", to, 5000, 5000))).isEmpty();
    }
  }

  @Test
  void aLinkLocalSourceEndsAtTheRouter() {
    assertThat(arrives(WEB1_PORT, Probe.udp(WEB1, "fe80::5", "fd00:7::20", 5000, 5000))).isEmpty();
    assertThat(arrives(WEB1_PORT, Probe.icmp(WEB1, "fe80::5", "fd00:7::20", 128))).isEmpty();
    assertThat(arrives(WEB1_PORT, Probe.udp(WEB1, "fe80::5", "ff02::1:2", 546, 547))).isEmpty();
    assertThat(answer(WEB1_PORT, Probe.icmp(WEB1, "fe80::5", "fe80::1", 128))).isPresent();
  }

  // --- neighbours ----------------------------------------------------------------------------

  @Test
  void theRouterAnswersArpForEveryAddress() {
    for (String target : List.of("169.254.1.1", "10.0.1.20", "192.0.2.1")) {
      Fields answer = answer(WEB1_PORT, Probe.arp(WEB1, "10.0.1.10", target)).orElseThrow();
      assertThat(answer.number(OxmField.ARP_OP)).isEqualTo(2);
      assertThat(answer.value(OxmField.ARP_SPA)).isEqualTo(Probe.address(target));
      assertThat(answer.value(OxmField.ARP_TPA)).isEqualTo(Probe.address("10.0.1.10"));
      assertThat(answer.value(OxmField.ARP_SHA).longValue()).isEqualTo(Router.MAC.value());
      assertThat(answer.value(OxmField.ARP_THA).longValue()).isEqualTo(WEB1);
      assertThat(answer.value(OxmField.ETH_SRC).longValue()).isEqualTo(Router.MAC.value());
      assertThat(answer.value(OxmField.ETH_DST).longValue()).isEqualTo(WEB1);
    }
  }

  @Test
  void butNeverAProbeOfTheAskersOwnAddressNorASpoofedQuestion() {
    assertThat(answer(WEB1_PORT, Probe.arp(WEB1, "10.0.1.10", "10.0.1.10"))).isEmpty();
    assertThat(answer(WEB1_PORT, Probe.arp(WEB1, "0.0.0.0", "10.0.1.10"))).isEmpty();
    assertThat(answer(WEB1_PORT, Probe.arp(WEB1, "0.0.0.0", "10.0.1.99"))).isEmpty();
    assertThat(answer(WEB1_PORT, Probe.arp(WEB1, "10.0.1.11", "10.0.1.20"))).isEmpty();
    assertThat(answer(WEB1_PORT, Probe.arp(CORE1, "10.0.1.10", "10.0.1.20"))).isEmpty();
    Fields other = Probe.arp(WEB1, "10.0.1.10", "10.0.1.20").put(OxmField.ARP_SHA, CORE1);
    assertThat(answer(WEB1_PORT, other)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "fd00:7::10, fd00:7::20",
    "fd00:7::10, fe80::1",
    "fe80::1234, fe80::1",
    "fe80::1234, fd00:7::20",
  })
  void theRouterAnswersSolicitations(String source, String target) {
    Fields answer = answer(WEB1_PORT, Probe.solicitation(WEB1, source, target)).orElseThrow();
    assertThat(answer.number(OxmField.ICMPV6_TYPE)).isEqualTo(136);
    assertThat(answer.value(OxmField.ND_TARGET)).isEqualTo(Probe.address(target));
    assertThat(answer.value(OxmField.IPV6_SRC)).isEqualTo(Probe.address(target));
    assertThat(answer.value(OxmField.IPV6_DST)).isEqualTo(Probe.address(source));
    assertThat(answer.value(OxmField.ND_TLL).longValue()).isEqualTo(Router.MAC.value());
    assertThat(answer.value(OxmField.ETH_DST).longValue()).isEqualTo(WEB1);
    assertThat(answer.number(OxmField.IP_TTL)).isEqualTo(255);
  }

  @ParameterizedTest
  @CsvSource({
    "::, fd00:7::10", // duplicate address detection
    "::, fe80::1234",
    "fd00:7::10, fd00:7::10", // its own
    "fe80::1234, fd00:7::10",
    "fe80::1234, fe80::1234",
    "fe80::1234, fe80::2", // nobody but the router is on the link
    "fd00:7::11, fd00:7::20", // somebody else's source
  })
  void butNotThese(String source, String target) {
    assertThat(answer(WEB1_PORT, Probe.solicitation(WEB1, source, target))).isEmpty();
  }

  @Test
  void aSolicitationThatWasRoutedIsNotAnswered() {
    Fields routed = Probe.solicitation(WEB1, "fd00:7::10", "fd00:7::20").put(OxmField.IP_TTL, 254);
    assertThat(answer(WEB1_PORT, routed)).isEmpty();
  }

  @Test
  void theRouterAnswersPing() {
    Fields answer =
        answer(WEB1_PORT, Probe.icmp(WEB1, "10.0.1.10", "169.254.1.1", 8)).orElseThrow();
    assertThat(answer.number(OxmField.ICMPV4_TYPE)).isZero();
    assertThat(answer.value(OxmField.IPV4_SRC)).isEqualTo(Probe.address("169.254.1.1"));
    assertThat(answer.value(OxmField.IPV4_DST)).isEqualTo(Probe.address("10.0.1.10"));
    assertThat(answer(WEB1_PORT, Probe.icmp(WEB1, "fd00:7::10", "fe80::1", 128))).isPresent();
  }

  // --- the fabric's own services ----------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.253", "169.254.169.254", "fd00:ec2::253", "fd00:ec2::254"})
  void servicesAreReachedUnderAnyTenantsPolicyButNotPastAGuardrail(String service) {
    boolean v6 = service.contains(":");
    Fields ping = Probe.icmp(WEB1, v6 ? "fd00:7::10" : "10.0.1.10", service, v6 ? 128 : 8);
    assertThat(closed().send(H1, WEB1_PORT, ping).arrived()).as("the answer").isPresent();
    assertThat(closed(out(Action.PASS, List.of())).send(H1, WEB1_PORT, ping).arrived()).isPresent();
    Rule cut = out(Action.DENY, peers(service + (v6 ? "/128" : "/32")));
    assertThat(closed(cut).send(H1, WEB1_PORT, ping).arrived()).isEmpty();
    Fields other = Probe.icmp(WEB1, "10.0.1.10", "10.0.1.20", 8);
    assertThat(closed().send(H1, WEB1_PORT, other).arrived()).isEmpty();
  }

  /** Blue's tenants let nothing out; the operator's rules are these. */
  private static MiniFabric closed(Rule... guardrails) {
    return new MiniFabric(
        Specimen.places()
            .policy(policy("blue/shut", Tier.UNIVERSE, 0, List.of(), out(Action.DENY, List.of())))
            .policy(policy("blue/guard", Tier.GUARDRAIL, 0, List.of(), guardrails))
            .image());
  }

  // --- tunnels -------------------------------------------------------------------------------

  private int identity(String endpoint) {
    return image.identity(Fabric.endpoint(endpoint)).number();
  }

  private Optional<String> emerges(Fields packet, String from, int key) {
    return fabric
        .send(H2, Router.TUNNEL_PORT, Probe.tunnelled(packet, from, key))
        .arrived()
        .map(Object::toString);
  }

  @Test
  void onlyKnownHostsAreBelievedAndOnlyIdentitiesOfUniversesThatAreHere() {
    Fields packet = Probe.tcp(Router.MAC.value(), "10.0.1.10", "10.0.1.20", 80);
    int web = identity("blue/web1");
    assertThat(emerges(packet, "172.31.0.1", web)).contains("blue/db1");
    assertThat(emerges(packet, "172.31.0.9", web)).isEmpty();
    assertThat(emerges(packet, "172.31.0.2", web)).as("a host's own address").isEmpty();
    assertThat(emerges(packet, "172.31.0.1", 4242)).isEmpty();
    assertThat(emerges(packet, "172.31.0.1", 0)).isEmpty();
  }

  @Test
  void theKeyTellsTheUniverse() {
    Fields packet = Probe.udp(Router.MAC.value(), "10.0.1.10", "10.0.1.20", 5000, 5000);
    MiniFabric.Journey journey =
        fabric.send(
            H2, Router.TUNNEL_PORT, Probe.tunnelled(packet, "172.31.0.1", identity("red/core1")));
    assertThat(journey.arrived()).isEmpty();
    assertThat(journey.passedBy(Table.IN_DEFAULT)).as("red/edge1 denies by default").isTrue();
  }

  @Test
  void whatCameByATunnelNeverGoesToAnother() {
    Fields packet = Probe.tcp(Router.MAC.value(), "10.0.1.11", "10.0.1.10", 80);
    MiniFabric.Journey journey =
        fabric.send(
            H2, Router.TUNNEL_PORT, Probe.tunnelled(packet, "172.31.0.1", identity("blue/web1")));
    assertThat(journey.arrived()).isEmpty();
    assertThat(journey.hops()).hasSize(1);
    assertThat(journey.passedBy(Table.ORIENT)).isFalse();
  }

  @Test
  void neighbourQuestionsDoNotComeByTunnels() {
    Fields arp = Probe.arp(WEB1, "10.0.1.10", "10.0.1.20");
    MiniFabric.Journey journey =
        fabric.send(
            H2, Router.TUNNEL_PORT, Probe.tunnelled(arp, "172.31.0.1", identity("blue/web1")));
    assertThat(journey.passedBy(Table.NEIGHBOURS)).isFalse();
    assertThat(journey.arrived()).isEmpty();
  }

  @Test
  void aHopIsCountedOnceAtTheSendersHost() {
    MiniFabric.Journey journey =
        fabric.send(H1, WEB1_PORT, Probe.tcp(WEB1, "10.0.1.10", "10.0.1.20", 80));
    assertThat(journey.hops()).hasSize(2);
    assertThat(journey.last().number(OxmField.IP_TTL)).isEqualTo(63);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void anExpiredTtlGoesToTheAgentOfTheSendersHost(int ttl) {
    Fields packet = Probe.tcp(WEB1, "10.0.1.10", "10.0.1.20", 80).put(OxmField.IP_TTL, ttl);
    MiniFabric.Journey journey = fabric.send(H1, WEB1_PORT, packet);
    assertThat(journey.arrived()).isEmpty();
    assertThat(journey.hops()).hasSize(1);
    assertThat(journey.passedBy(Table.TTL_EXPIRED)).isTrue();
  }

  // --- tracking ------------------------------------------------------------------------------

  @Test
  void aLaterFragmentIsNotJudgedButWaitsInTheTracker() {
    Fields later = Probe.ip(WEB1, "10.0.1.10", "10.0.1.20", 17).put(OxmField.IP_FRAG, 3);
    MiniFabric.Journey journey = fabric.send(H1, WEB1_PORT, later);
    assertThat(journey.hops().get(0).walk().visited())
        .containsSubsequence(Table.ORIENT.id(), Table.COMMIT.id(), Table.COMMITTED.id())
        .doesNotContain(Table.OUT_GUARDRAIL.id());
    Fields first = Probe.udp(WEB1, "10.0.1.10", "10.0.1.20", 5000, 5000).put(OxmField.IP_FRAG, 1);
    assertThat(fabric.send(H1, WEB1_PORT, first).hops().get(0).walk().visited())
        .containsSubsequence(Table.OUT_GUARDRAIL.id(), Table.COMMIT.id(), Table.COMMITTED.id());
  }

  @Test
  void everyLookUpLeadsToATableThatAsksForTheZone() {
    for (HostName host : List.of(H1, H2)) {
      for (FlowEntry flow : EdgeCompiler.full(image, host).flows()) {
        if (flow.table() == Table.TRACKED.id() || flow.table() == Table.COMMITTED.id()) {
          assertThat(flow.match().toString())
              .matches(
                  "ct_state=-inv\\+trk,ct_zone=\\d+,reg2=.*|ct_state=.inv.trk,icmp6?,nw_frag=no");
        }
      }
    }
  }

  @Test
  void keepEstablishedLeavesWhatIsTrackedAlone() {
    Fabric fabric =
        Specimen.places()
            .universe("blue", Action.DENY, Action.ALLOW, true, "10.0.0.0/16", "fd00:7::/64")
            .policy(
                policy(
                    "blue/p", Tier.UNIVERSE, 1, List.of(), in(Action.ALLOW, List.of(), tcp("80"))));
    MiniFabric mini = new MiniFabric(fabric.image());
    Fields syn = Probe.tcp(WEB1, "10.0.1.10", "10.0.1.20", 80);
    assertThat(mini.send(H1, WEB1_PORT, syn).arrived()).isPresent();
    mini.become(
        fabric
            .policy(
                policy(
                    "blue/p", Tier.UNIVERSE, 1, List.of(), in(Action.ALLOW, List.of(), tcp("81"))))
            .image());
    Fields ack = syn.copy().put(OxmField.TCP_FLAGS, Probe.ACK);
    assertThat(mini.send(H1, WEB1_PORT, ack).arrived()).isPresent();
    mini.forgetConnections();
    assertThat(mini.send(H1, WEB1_PORT, syn).arrived()).isEmpty();
  }

  @Test
  void aConnectionThatWasOpenedBeforeTheUniverseKeptAnyIsNotKept() {
    Fabric fabric = open();
    MiniFabric mini = new MiniFabric(fabric.image());
    Fields syn = Probe.tcp(WEB1, "10.0.1.10", "10.0.1.20", 80);
    assertThat(mini.send(H1, WEB1_PORT, syn).arrived()).isPresent();
    fabric
        .universe("blue", Action.DENY, Action.ALLOW, true, "10.0.0.0/16", "fd00:7::/64")
        .policy(policy("blue/open", Tier.UNIVERSE, 1, List.of(), in(Action.DENY, List.of())));
    mini.become(fabric.image());
    Fields ack = syn.copy().put(OxmField.TCP_FLAGS, Probe.ACK);
    assertThat(mini.send(H1, WEB1_PORT, ack).arrived()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // type of the rule, type sent, whether it arrives
    "8, 8, true",
    "8, 13, false",
    "13, 13, true", // tracked as connections
    "0, 0, true",
    "0, 8, false",
    "3, 3, true",
    "17, 17, true",
    "42, 42, true",
    "9, 10, false",
  })
  void icmpTypesAreMatchedWhetherTheyAreTrackedOrNot(int ruled, int sent, boolean arrives) {
    Service service = new Service.Icmp(Service.ICMP, OptionalInt.of(ruled), OptionalInt.empty());
    for (List<Peer> peers :
        List.of(peers("blue/web"), peers("10.0.1.0/24"), peers("10.0.0.0/8", "blue/db"))) {
      Image icmp =
          Specimen.places()
              .policy(
                  policy("blue/i", Tier.UNIVERSE, 1, List.of(), in(Action.ALLOW, peers, service)))
              .image();
      MiniFabric mini = new MiniFabric(icmp);
      Fields packet = Probe.icmp(WEB1, "10.0.1.10", "10.0.1.20", sent);
      assertThat(mini.send(H1, WEB1_PORT, packet).arrived().isPresent())
          .as(peers.toString())
          .isEqualTo(arrives);
    }
  }

  @Test
  void aRuleWithManyPortsAndPrefixesMatchesJustThose() {
    Image many =
        Specimen.places()
            .policy(
                policy(
                    "blue/m",
                    Tier.UNIVERSE,
                    1,
                    List.of("blue/db"),
                    in(
                        Action.ALLOW,
                        peers("10.0.1.0/28", "10.0.1.64/26", "fd00:7::/120 - fd00:7::11/128"),
                        udp("1-1023", "5000", "7001-7011"))))
            .image();
    MiniFabric mini = new MiniFabric(many);
    for (int port : List.of(1, 1023, 5000, 7001, 7011)) {
      assertThat(mini.send(H1, WEB1_PORT, Probe.udp(WEB1, "10.0.1.10", "10.0.1.20", 9, port)))
          .matches(journey -> journey.arrived().isPresent(), "port " + port);
      assertThat(mini.send(H1, WEB1_PORT, Probe.udp(WEB1, "fd00:7::10", "fd00:7::20", 9, port)))
          .matches(journey -> journey.arrived().isPresent(), "port " + port);
    }
    for (int port : List.of(0, 1024, 4999, 5001, 7000, 7012)) {
      assertThat(mini.send(H1, WEB1_PORT, Probe.udp(WEB1, "10.0.1.10", "10.0.1.20", 9, port)))
          .matches(journey -> journey.arrived().isEmpty(), "port " + port);
    }
    Fields excepted = Probe.udp(0x0200_0000_0002L, "fd00:7::11", "fd00:7::20", 9, 5000);
    assertThat(mini.send(H2, 2, excepted).arrived()).isEmpty();
  }
}
