package io.fynbos.controller.walk;

import static io.fynbos.controller.compile.Fabric.in;
import static io.fynbos.controller.compile.Fabric.policy;
import static io.fynbos.controller.compile.Specimen.H1;
import static io.fynbos.controller.compile.Specimen.H2;
import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.controller.compile.Fabric;
import io.fynbos.controller.compile.Specimen;
import io.fynbos.controller.compile.SwitchTables;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.UniverseName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Addresses that an endpoint is allowed besides its own. blue/web1 (on h1, port 1) and blue/web2
 * (on h2, port 2) share 10.0.1.100 and fd00:7::100; blue/web1 has the range 10.0.8.0/24 to itself.
 */
class AllowedAddressesTest {
  private static final long WEB1 = 0x0200_0000_0001L;
  private static final long WEB2 = 0x0200_0000_0002L;
  private static final long DB1 = 0x0200_0000_0003L;

  private static Fabric shared() {
    return Specimen.places()
        .policy(policy("blue/open", Tier.UNIVERSE, 1, List.of(), in(Action.ALLOW, List.of())))
        .allow("blue/web1", "10.0.1.100", "fd00:7::100", "10.0.8.0/24")
        .allow("blue/web2", "10.0.1.100", "fd00:7::100");
  }

  private static Optional<String> arrives(Fabric fabric, HostName host, int port, Fields packet) {
    return new MiniFabric(fabric.image()).send(host, port, packet).arrived().map(Object::toString);
  }

  private static MiniFabric.Journey say(HostName host, int port, Fields frame) {
    return new MiniFabric(shared().image()).send(host, port, frame);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.1.100", "10.0.8.0", "10.0.8.255"})
  void anEndpointSendsFromThemAndNobodyElseDoes(String source) {
    assertThat(arrives(shared(), H1, 1, Probe.tcp(WEB1, source, "10.0.1.20", 80)))
        .contains("blue/db1");
    assertThat(arrives(shared(), H2, 1, Probe.tcp(DB1, source, "10.0.1.30", 80))).isEmpty();
  }

  @Test
  void allowingAnEndpointItsOwnAddressAddsNothing() {
    Fabric fabric = Specimen.places();
    SwitchTables before = EdgeCompiler.full(fabric.image(), H1);
    fabric.allow("blue/web1", "10.0.1.10", "fd00:7::10");
    assertThat(EdgeCompiler.full(fabric.image(), H1).sorted()).isEqualTo(before.sorted());
  }

  @Test
  void aRangeEndsWhereItEnds() {
    for (String source : List.of("10.0.7.255", "10.0.9.0", "10.0.1.101")) {
      assertThat(arrives(shared(), H1, 1, Probe.tcp(WEB1, source, "10.0.1.20", 80))).isEmpty();
    }
    assertThat(arrives(shared(), H2, 1, Probe.tcp(DB1, "10.0.1.20", "10.0.8.77", 80)))
        .contains("blue/web1");
    assertThat(arrives(shared(), H2, 1, Probe.tcp(DB1, "10.0.1.20", "10.0.9.0", 80))).isEmpty();
  }

  @Test
  void aSharedAddressLeadsToWhoeverClaimsItAndBeforeThatToTheFirstAttached() {
    for (String address : List.of("10.0.1.100", "fd00:7::100")) {
      String source = address.contains(":") ? "fd00:7::20" : "10.0.1.20";
      Fields packet = Probe.tcp(DB1, source, address, 80);
      Fabric fabric = shared();
      assertThat(arrives(fabric, H2, 1, packet)).contains("blue/web1");
      fabric.apply(
          new Change.AddressClaimed(
              new UniverseName("blue"), IpAddress.parse(address), Fabric.endpoint("blue/web2")));
      assertThat(arrives(fabric, H2, 1, packet)).contains("blue/web2");
      fabric.apply(new Change.AddressUnclaimed(new UniverseName("blue"), IpAddress.parse(address)));
      assertThat(arrives(fabric.unbind("blue/web1"), H2, 1, packet)).contains("blue/web2");
    }
  }

  @Test
  void arpFromASharedAddressClaimsItAndIsAnswered() {
    MiniFabric.Journey journey = say(H2, 2, Probe.arp(WEB2, "10.0.1.100", "10.0.1.20"));
    assertThat(journey.passedBy(Table.CLAIM)).isTrue();
    assertThat(journey.hops().get(0).walk().sent()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void gratuitousArpClaimsAndIsNotAnswered(int operation) {
    Fields gratuitous = Probe.arp(WEB2, "10.0.1.100", "10.0.1.100").put(OxmField.ARP_OP, operation);
    MiniFabric.Journey journey = say(H2, 2, gratuitous);
    assertThat(journey.passedBy(Table.CLAIM)).isTrue();
    assertThat(journey.hops().get(0).walk().sent()).isEmpty();
  }

  @Test
  void anUnsolicitedAdvertisementClaims() {
    for (String source : List.of("fd00:7::100", "fd00:7::11", "fe80::5")) {
      Fields advertisement =
          Probe.icmp(WEB2, source, "ff02::1", 136)
              .put(OxmField.IP_TTL, 255)
              .put(OxmField.ND_TARGET, Probe.address("fd00:7::100"));
      MiniFabric.Journey journey = say(H2, 2, advertisement);
      assertThat(journey.passedBy(Table.CLAIM)).as(source).isTrue();
      assertThat(journey.hops().get(0).walk().sent()).isEmpty();
    }
  }

  @Test
  void nobodyClaimsWhatItIsNotAllowed() {
    assertThat(say(H2, 1, Probe.arp(DB1, "10.0.1.100", "10.0.1.100")).passedBy(Table.CLAIM))
        .isFalse();
    assertThat(say(H2, 2, Probe.arp(WEB1, "10.0.1.100", "10.0.1.20")).passedBy(Table.CLAIM))
        .as("with another's MAC")
        .isFalse();
    assertThat(say(H1, 1, Probe.arp(WEB1, "10.0.8.9", "10.0.1.20")).passedBy(Table.CLAIM))
        .as("a range is nobody else's to claim")
        .isFalse();
    Fields advertisement =
        Probe.icmp(DB1, "fd00:7::20", "ff02::1", 136)
            .put(OxmField.IP_TTL, 255)
            .put(OxmField.ND_TARGET, Probe.address("fd00:7::100"));
    assertThat(say(H2, 1, advertisement).passedBy(Table.CLAIM)).isFalse();
    Fields another =
        Probe.icmp(WEB2, "fd00:7::11", "ff02::1", 136)
            .put(OxmField.IP_TTL, 255)
            .put(OxmField.ND_TARGET, Probe.address("fd00:7::20"));
    assertThat(say(H2, 2, another).passedBy(Table.CLAIM)).isFalse();
  }

  @Test
  void aQuestionAboutTheOwnRangeIsNotAnswered() {
    assertThat(say(H1, 1, Probe.arp(WEB1, "10.0.8.9", "10.0.8.9")).hops().get(0).walk().sent())
        .isEmpty();
    Fields own = Probe.solicitation(WEB1, "fd00:7::100", "fd00:7::100");
    assertThat(say(H1, 1, own).hops().get(0).walk().sent()).isEmpty();
    Fields other = Probe.solicitation(WEB1, "fd00:7::100", "fd00:7::20");
    assertThat(say(H1, 1, other).hops().get(0).walk().sent()).hasSize(1);
  }
}
