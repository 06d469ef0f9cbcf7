package io.fynbos.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.Fabric;
import io.fynbos.policy.RandomImages;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.ServiceAddress;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.verdict.End;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.verdict.Transport;
import io.fynbos.policy.verdict.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What lint finds, and that it is so. */
class LintTest {
  private static final String FABRIC =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/24]}
      ---
      {kind: SecurityGroup, universe: blue, name: web}
      ---
      {kind: SecurityGroup, universe: blue, name: db}
      ---
      {kind: Endpoint, universe: blue, name: web1, groups: [web]}
      ---
      {kind: Endpoint, universe: blue, name: web2, groups: [web]}
      ---
      {kind: Endpoint, universe: blue, name: db1, groups: [db]}
      ---
      {kind: Policy, name: web-to-db, tier: universe, universe: blue, appliesTo: {groups: [db]}, rules: [
        {direction: in, action: allow, peers: [{group: web}], services: [{protocol: tcp, ports: ["5432"]}]}]}
      """;

  private static List<String> lint(String documents) {
    Image image = Fabric.of(FABRIC).apply(documents).image();
    return Lint.of(image).findings().stream()
        .map(finding -> finding.kind() + ": " + finding)
        .toList();
  }

  @Test
  void policiesThatSayNothingInVainHaveNoFindings() {
    assertThat(Lint.of(Fabric.of(FABRIC).image()).findings()).isEmpty();
  }

  @Test
  void aRuleBehindABroaderOneIsShadowed() {
    assertThat(
            lint(
                """
                {kind: Policy, name: stop, tier: universe, universe: blue, order: 10, rules: [
                  {direction: in, action: deny, services: [{protocol: tcp}]}]}
                """))
        .containsExactly(
            "shadowed-rule: rule 0 of policy blue/web-to-db decides nothing: wherever it matches, "
                + "rule 0 of policy blue/stop comes first; give it a smaller order, or delete it");
  }

  @Test
  void severalRulesTogetherShadowOne() {
    assertThat(
            lint(
                """
                {kind: Policy, name: parts, tier: universe, universe: blue, order: 10, rules: [
                  {direction: in, action: deny, services: [{protocol: tcp, ports: ["0-5431", "5433-65535"]}]},
                  {direction: in, action: allow, peers: [{cidr: 10.0.0.0/25}], services: [{protocol: tcp, ports: ["5432"]}]},
                  {direction: in, action: deny, peers: [{cidr: 10.0.0.128/25}], services: [{protocol: tcp, ports: ["5432"]}]}]}
                """))
        .containsExactly(
            "rule-matches-nothing: rule 2 of policy blue/parts matches nothing: no endpoint that it "
                + "applies to has a peer that it names; name other peers, or delete it",
            "shadowed-rule: rule 0 of policy blue/web-to-db decides nothing: wherever it matches, "
                + "rule 1 of policy blue/parts comes first; give it a smaller order, or delete it");
  }

  @Test
  void anAllowAndADenyAtTheSamePlaceContradict() {
    assertThat(
            lint(
                """
                {kind: Policy, name: stop, tier: universe, universe: blue, rules: [
                  {direction: in, action: reject, services: [{protocol: tcp, ports: ["5000-6000"]}]}]}
                """))
        .containsExactly(
            "shadowed-rule: rule 0 of policy blue/web-to-db decides nothing: wherever it matches, "
                + "rule 0 of policy blue/stop comes first; give it a smaller order, or delete it",
            "contradicting-rules: rule 0 of policy blue/web-to-db allows tcp/5432 that rule 0 of "
                + "policy blue/stop rejects, both in tier universe at order 1000, where reject wins; "
                + "give one of them another order, or narrow it");
  }

  @Test
  void groupsThatDoNothingAreNamed() {
    assertThat(
            lint(
                """
                {kind: SecurityGroup, universe: blue, name: idle}
                ---
                {kind: SecurityGroup, universe: blue, name: empty}
                ---
                {kind: Policy, name: about-empty, tier: universe, universe: blue, appliesTo: {groups: [empty]}, rules: [
                  {direction: in, action: allow}]}
                """))
        .containsExactly(
            "empty-group: group blue/empty has no members, and policy blue/about-empty names it; put "
                + "endpoints into it, or take it out there",
            "unused-group: group blue/idle has 0 members and no policy names it; write a policy about "
                + "it, or delete it",
            "policy-applies-to-nobody: policy blue/about-empty applies to no endpoint; put endpoints "
                + "into the groups of its appliesTo, or delete it");
  }

  @Test
  void aRuleThatIsTriedOutShadowsNothingAndIsNotShadowed() {
    assertThat(
            lint(
                """
                {kind: Policy, name: stop, tier: universe, universe: blue, order: 10, stage: audit, rules: [
                  {direction: in, action: deny}]}
                ---
                {kind: Policy, name: same, tier: universe, universe: blue, order: 1001, stage: audit, appliesTo: {groups: [db]}, rules: [
                  {direction: in, action: allow, peers: [{group: web}], services: [{protocol: tcp, ports: ["5432"]}]}]}
                """))
        .isEmpty();
  }

  @Test
  void aRuleThatWasNeverHitIsNamedOnlyWhereHitsAreKnown() {
    Image image = Fabric.of(FABRIC).image();
    RuleRef rule = new RuleRef(PolicyRef.of("blue", "web-to-db"), 0);
    UniverseName blue = new UniverseName("blue");
    assertThat(Lint.of(image, blue, ref -> OptionalLong.of(7)).findings()).isEmpty();
    assertThat(Lint.of(image, blue, ref -> OptionalLong.of(0)).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.rule()).contains(rule))
        .hasToString(
            "rule 0 of policy blue/web-to-db has matched no packet since it is counted; "
                + "see whether it is still needed");
  }

  @Test
  void aFabricWideRuleIsOfUseWhenItIsInSomeUniverse() {
    List<String> findings =
        lint(
            """
            {kind: Universe, name: empty, prefixes: [10.0.0.0/24]}
            ---
            {kind: Policy, name: no-telnet, tier: guardrail, rules: [
              {direction: in, action: deny, services: [{protocol: tcp, ports: ["23"]}]}]}
            ---
            {kind: Policy, name: nobody, tier: guardrail, appliesTo: {universes: [empty]}, rules: [
              {direction: in, action: deny, services: [{protocol: tcp, ports: ["23"]}]}]}
            """);
    assertThat(findings)
        .containsExactly(
            "policy-applies-to-nobody: policy nobody applies to no endpoint; put endpoints into the "
                + "groups of its appliesTo, or delete it");
  }

  /** A rule in force has a finding exactly when the oracle never lets it decide. */
  @Test
  void whatIsInVainIsSoForEveryPacket() {
    int vain = 0;
    int shadowed = 0;
    for (long seed = 1; seed <= 8; seed++) {
      Image image = ReachAgreesTest.image(seed, new RandomImages.Size(1, 3, 4, 6, 1));
      Set<RuleRef> deciding = deciding(image);
      Set<RuleRef> found = new TreeSet<>();
      Set<PolicyRef> nobody = new TreeSet<>();
      for (Finding finding : Lint.of(image).findings()) {
        if (finding.kind() == Finding.Kind.SHADOWED
            || finding.kind() == Finding.Kind.MATCHES_NOTHING) {
          found.add(finding.rule().orElseThrow());
          shadowed += finding.kind() == Finding.Kind.SHADOWED ? 1 : 0;
        } else if (finding.kind() == Finding.Kind.APPLIES_TO_NOBODY) {
          nobody.add((PolicyRef) finding.about());
        }
      }
      for (Versioned<Policy> versioned : image.policies().values()) {
        Policy policy = versioned.value();
        for (int i = 0; i < policy.rules().size(); i++) {
          RuleRef ref = new RuleRef(policy.ref(), i);
          if (policy.stageOf(policy.rules().get(i)) == Stage.ENFORCE) {
            boolean inVain = found.contains(ref) || nobody.contains(policy.ref());
            assertThat(inVain).as("seed %d, %s", seed, ref).isNotEqualTo(deciding.contains(ref));
            vain += inVain ? 1 : 0;
          }
        }
      }
    }
    assertThat(vain).isGreaterThan(20);
    assertThat(shadowed).isGreaterThan(8);
  }

  /** The rules that decide some packet, of all that differ for any rule. */
  private static Set<RuleRef> deciding(Image image) {
    Set<RuleRef> deciding = new HashSet<>();
    Set<Transport> transports = transports(image);
    List<End> ends = ends(image);
    for (End from : ends) {
      for (End to : ends) {
        if (from.address().v6() != to.address().v6()) {
          continue;
        }
        for (Transport transport : transports) {
          Verdict verdict = Oracle.judge(image, new Packet(from, to, transport));
          for (Verdict.Judgement judgement : verdict.judgements()) {
            for (Verdict.Step step : judgement.steps()) {
              if (step.decisive()) {
                deciding.add(new RuleRef(step.policy(), step.rule()));
              }
            }
          }
        }
      }
    }
    return deciding;
  }

  /** Rules cut ranges around their first address only. */
  private static List<End> ends(Image image) {
    List<End> ends = new ArrayList<>();
    for (Versioned<Endpoint> versioned : image.endpoints().values()) {
      Endpoint endpoint = versioned.value();
      endpoint.addresses().forEach(a -> ends.add(new End.OfEndpoint(endpoint.ref(), a)));
      for (Prefix prefix : endpoint.allowedAddresses()) {
        IpAddress first = prefix.first();
        ends.add(new End.OfEndpoint(endpoint.ref(), first));
        for (int bit = 0; bit < first.bits() - prefix.length(); bit++) {
          IpAddress address = new IpAddress(first.v6(), first.high(), first.low() + (1L << bit));
          ends.add(new End.OfEndpoint(endpoint.ref(), address));
        }
      }
    }
    for (ServiceAddress service : ServiceAddress.values()) {
      service.addresses().forEach(address -> ends.add(new End.OfAddress(address)));
    }
    ends.add(new End.OfAddress(IpAddress.parse("192.0.2.1")));
    ends.add(new End.OfAddress(IpAddress.parse("2001:db8::1")));
    return ends;
  }

  /** One of each kind that some rule tells from others: where its services begin and end. */
  private static Set<Transport> transports(Image image) {
    Set<Transport> transports = new LinkedHashSet<>();
    for (Versioned<Policy> policy : image.policies().values()) {
      for (Rule rule : policy.value().rules()) {
        for (ServiceSet.Range range : ServiceSet.of(rule.services()).ranges()) {
          transports.add(transport(range.protocol(), range.first()));
          if (range.last() < 0xffff) {
            transports.add(transport(range.protocol(), range.last() + 1));
          }
        }
      }
    }
    return transports;
  }

  private static Transport transport(int protocol, int x) {
    if (Service.hasPorts(protocol)) {
      return new Transport.Ports(protocol, 50000, x);
    }
    return Service.isIcmp(protocol)
        ? new Transport.Icmp(protocol, x >> 8, x & 0xff)
        : new Transport.Other(protocol);
  }
}
