package io.fynbos.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.fynbos.policy.Fabric;
import io.fynbos.policy.RandomImages;
import io.fynbos.policy.RandomPackets;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.verdict.End;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Packet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a change does to reach, told and checked against the oracle. */
class ReachChangeTest {
  private static final String FABRIC =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/24, "fd00:7::/64"]}
      ---
      {kind: SecurityGroup, universe: blue, name: web}
      ---
      {kind: SecurityGroup, universe: blue, name: db}
      ---
      {kind: Endpoint, universe: blue, name: web1, addresses: [10.0.0.1, "fd00:7::1"], groups: [web]}
      ---
      {kind: Endpoint, universe: blue, name: web2, addresses: [10.0.0.2], groups: [web]}
      ---
      {kind: Endpoint, universe: blue, name: db1, addresses: [10.0.0.3, "fd00:7::3"], groups: [db]}
      ---
      {kind: Policy, name: web-to-db, tier: universe, universe: blue, appliesTo: {groups: [db]}, rules: [
        {direction: in, action: allow, peers: [{group: web}], services: [{protocol: tcp, ports: ["5432"]}]}]}
      """;

  private static ReachChange change(String documents) {
    Fabric fabric = Fabric.of(FABRIC);
    Image before = fabric.image();
    return ReachChange.between(before, fabric.apply(documents).image());
  }

  private static List<String> texts(List<Way> ways) {
    return ways.stream().map(Way::toString).toList();
  }

  @Test
  void aChangedRuleOpensOnePortAndClosesAnother() {
    ReachChange change =
        change(
            """
            {kind: Policy, name: web-to-db, tier: universe, universe: blue, appliesTo: {groups: [db]}, rules: [
              {direction: in, action: allow, peers: [{group: web}], services: [{protocol: tcp, ports: ["5433"]}]}]}
            """);
    assertThat(texts(change.gained()))
        .containsExactly("blue/web1 → blue/db1: tcp/5433", "blue/web2 → blue/db1: tcp/5433 (ipv4)");
    assertThat(texts(change.lost()))
        .containsExactly("blue/web1 → blue/db1: tcp/5432", "blue/web2 → blue/db1: tcp/5432 (ipv4)");
    assertThat(change.more()).isZero();
  }

  @Test
  void aNewMemberGainsWhatItsGroupHas() {
    ReachChange change =
        change(
            "{kind: Endpoint, universe: blue, name: web3, addresses: [10.0.0.9], groups: [web, db]}");
    assertThat(texts(change.gained()))
        .containsExactlyInAnyOrder(
            "blue/web1 → blue/web3: tcp/5432 (ipv4)",
            "blue/web2 → blue/web3: tcp/5432 (ipv4)",
            "blue/web3 → blue/db1: tcp/5432 (ipv4)",
            "blue/web3 → dns: all (ipv4)",
            "blue/web3 → metadata: all (ipv4)");
    assertThat(change.lost()).isEmpty();
  }

  @Test
  void anEndpointThatGoesLosesEverything() {
    ReachChange change = change("{kind: Endpoint, universe: blue, name: db1, delete: true}");
    assertThat(texts(change.lost()))
        .containsExactlyInAnyOrder(
            "blue/web1 → blue/db1: tcp/5432",
            "blue/web2 → blue/db1: tcp/5432 (ipv4)",
            "blue/db1 → dns: all",
            "blue/db1 → metadata: all");
    assertThat(change.gained()).isEmpty();
  }

  @Test
  void anotherAddressIsAnotherPlace() {
    ReachChange change =
        change(
            "{kind: Endpoint, universe: blue, name: web2, addresses: [10.0.0.7], groups: [web]}");
    assertThat(texts(change.lost())).contains("blue/web2 (10.0.0.2) → blue/db1: tcp/5432 (ipv4)");
    assertThat(texts(change.gained())).contains("blue/web2 (10.0.0.7) → blue/db1: tcp/5432 (ipv4)");
  }

  @Test
  void aGuardrailMayCutOffTheFabricsServicesAndATenantMayNot() {
    String rules =
        """
        {kind: Policy, name: no-dns, tier: %s, universe: blue, order: 1, appliesTo: {groups: [db]}, rules: [
          {direction: out, action: deny, services: [{protocol: udp, ports: ["53"]}]}]}
        """;
    assertThat(texts(change(rules.formatted("guardrail")).lost()))
        .contains("blue/db1 → dns: udp/53", "blue/db1 → metadata: udp/53");
    assertThat(texts(change(rules.formatted("universe")).lost())).isEmpty();
  }

  @Test
  void aRuleThatIsOnlyTriedOutChangesNothing() {
    ReachChange change =
        change(
            """
            {kind: Policy, name: stop, tier: guardrail, universe: blue, stage: audit, rules: [
              {direction: in, action: deny}]}
            """);
    assertThat(change.isEmpty()).isTrue();
  }

  @Test
  void whatIsNotListedIsCounted() {
    StringBuilder documents = new StringBuilder();
    for (int i = 10; i < 60; i++) {
      documents.append(
          "{kind: Endpoint, universe: blue, name: e%d, addresses: [10.0.0.%d]}\n---\n"
              .formatted(i, i));
    }
    Fabric fabric = Fabric.of(FABRIC + "---\n" + documents);
    Image before = fabric.image();
    Image after =
        fabric
            .apply(
                "{kind: Universe, name: blue, prefixes: [10.0.0.0/24, \"fd00:7::/64\"], defaults: {in: allow}}")
            .image();
    ReachChange change = ReachChange.between(before, after);
    assertThat(change.gained()).hasSize(ReachChange.LISTED_MAX);
    assertThat(change.gained().size() + change.more()).isEqualTo(53 * 52);
  }

  /** Of random changes, each packet that may open something now and not before is gained. */
  @Test
  void itSaysOfEveryPacketWhatTheOracleSays() {
    int changed = 0;
    for (long seed = 1; seed <= 40; seed++) {
      RandomImages images = RandomImages.complete(seed);
      Image before = images.image(RandomImages.Size.SMALL);
      Image after = images.next(images.next(before));
      ReachChange change = ReachChange.between(before, after);
      assertThat(change.more()).isZero();
      for (Image image : List.of(before, after)) {
        if (image.endpoints().size() < 3) {
          continue;
        }
        RandomPackets packets = new RandomPackets(seed);
        for (int i = 0; i < 100; i++) {
          Packet packet = packets.any(image);
          if (stateless(packet) || !(packet.to() instanceof End.OfEndpoint)) {
            continue;
          }
          boolean old = Oracle.judge(before, packet).allowed();
          boolean now = Oracle.judge(after, packet).allowed();
          check(seed, packet, !old && now, change.gained());
          check(seed, packet, old && !now, change.lost());
          changed += old == now ? 0 : 1;
        }
      }
    }
    assertThat(changed).isGreaterThan(100);
  }

  /** Judged by its ports, such a packet may be a reply. */
  private static boolean stateless(Packet packet) {
    return packet.transport().protocol() == Service.SCTP;
  }

  private static void check(long seed, Packet packet, boolean expected, List<Way> ways) {
    boolean listed = ways.stream().anyMatch(way -> leads(way, packet));
    if (listed != expected) {
      fail("seed %d: %s is %s in %s".formatted(seed, packet, listed, ways));
    }
  }

  private static boolean leads(Way way, Packet packet) {
    return is(way.from(), packet.from())
        && is(way.to(), packet.to())
        && packet.from().address().v6() == packet.to().address().v6()
        && way.services().contains(packet.transport());
  }

  private static boolean is(Place place, End end) {
    return place.endpoint().equals(Optional.of(((End.OfEndpoint) end).ref()))
        && place.addresses().stream().anyMatch(prefix -> prefix.contains(end.address()));
  }

  @Test
  void aChangeAndItsReversalMirrorEachOther() {
    int changes = 0;
    for (long seed = 1; seed <= 40; seed++) {
      RandomImages images = RandomImages.complete(seed);
      Image before = images.image(RandomImages.Size.SMALL);
      Image after = images.next(images.next(before));
      ReachChange change = ReachChange.between(before, after);
      assertThat(ReachChange.between(after, before))
          .as("seed %d", seed)
          .isEqualTo(change.reversed());
      assertThat(ReachChange.between(after, after).isEmpty()).isTrue();
      changes += change.isEmpty() ? 0 : 1;
    }
    assertThat(changes).isGreaterThan(15);
  }
}
