package io.fynbos.policy.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.Fabric;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that are only tried out, connections that are kept, and addresses that are shared. */
class StagesTest {
  private static final String FABRIC =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/24], keepEstablished: %s}
      ---
      {kind: SecurityGroup, universe: blue, name: web}
      ---
      {kind: Endpoint, universe: blue, name: web1, addresses: [10.0.0.1], groups: [web]}
      ---
      {kind: Endpoint, universe: blue, name: lb1, addresses: [10.0.0.2], allowedAddresses: [10.0.0.9, 10.0.0.64/28]}
      ---
      {kind: Endpoint, universe: blue, name: lb2, addresses: [10.0.0.3], allowedAddresses: [10.0.0.9]}
      ---
      {kind: Policy, universe: blue, name: open, tier: universe, rules: [
        {direction: in, action: allow, services: [{protocol: tcp, ports: ["80"]}]}]}
      """;

  private final Fabric fabric = Fabric.of(FABRIC.formatted("false"));

  private static End end(String text) {
    int at = text.indexOf('@');
    IpAddress address = IpAddress.parse(text.substring(at + 1));
    return at < 0
        ? new End.OfAddress(address)
        : new End.OfEndpoint(EndpointRef.of("blue", text.substring(0, at)), address);
  }

  private static Packet packet(String from, String to, int port) {
    return new Packet(end(from), end(to), new Transport.Ports(Service.TCP, 40000, port));
  }

  private static String word(Verdict verdict) {
    return verdict.noRoute().isPresent()
        ? verdict.noRoute().get().name()
        : verdict.allowed() ? "allow" : verdict.rejected() ? "reject" : "deny";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # stage of the policy, its rules                                      | now   | would be
          audit   | {direction: in, action: deny}                               | allow | deny
          audit   | {direction: in, action: deny, stage: enforce}               | deny  | deny
          enforce | {direction: in, action: reject, stage: audit}               | allow | reject
          enforce | {direction: in, action: reject}                             | reject | reject
          audit   | {direction: out, action: deny}                              | allow | deny
          audit   | {direction: in, action: pass}                               | allow | allow
          audit   | {direction: in, action: deny, peers: [{cidr: 10.0.0.2/32}]} | allow | allow
          """)
  void aRuleThatIsTriedOutTakesNoPart(String stage, String rule, String now, String wouldBe) {
    fabric.apply(
        "{kind: Policy, universe: blue, name: try, tier: guardrail, stage: %s, rules: [%s]}"
            .formatted(stage, rule));
    Packet packet = packet("web1@10.0.0.1", "lb1@10.0.0.2", 80);
    assertThat(word(Oracle.judge(fabric.image(), packet))).isEqualTo(now);
    assertThat(word(Oracle.judgeStaged(fabric.image(), packet))).isEqualTo(wouldBe);
  }

  @Test
  void whatWouldBeNamesTheRule() {
    fabric.apply(
        "{kind: Policy, universe: blue, name: try, tier: guardrail, rules: ["
            + "{direction: in, action: deny, stage: audit}]}");
    Verdict verdict =
        Oracle.judgeStaged(fabric.image(), packet("web1@10.0.0.1", "lb1@10.0.0.2", 80));
    assertThat(verdict.explanation())
        .contains("deny rule 0 of blue/try (tier guardrail, order 1000)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # before any claim the first endpoint by name has the shared address
          web1@10.0.0.1  | lb1@10.0.0.9  | allow
          web1@10.0.0.1  | lb2@10.0.0.9  | FOREIGN_DESTINATION
          web1@10.0.0.1  | 10.0.0.9      | allow
          web1@10.0.0.1  | lb1@10.0.0.70 | allow
          web1@10.0.0.1  | 10.0.0.70     | allow
          web1@10.0.0.1  | 10.0.0.80     | NO_SUCH_ADDRESS
          lb1@10.0.0.9   | web1@10.0.0.1 | allow
          lb2@10.0.0.9   | web1@10.0.0.1 | allow
          lb1@10.0.0.79  | web1@10.0.0.1 | allow
          lb2@10.0.0.70  | web1@10.0.0.1 | FOREIGN_SOURCE
          web1@10.0.0.9  | lb1@10.0.0.2  | FOREIGN_SOURCE
          lb1@10.0.0.9   | lb1@10.0.0.70 | ITSELF
          """)
  void allowedAddressesAreTheEndpointsOwn(String from, String to, String expected) {
    assertThat(word(Oracle.judge(fabric.image(), packet(from, to, 80)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # keepEstablished now | when it was opened | the port is still allowed | passes
          true  | true  | false | true
          true  | false | false | false
          false | true  | false | false
          false | false | false | false
          true  | true  | true  | true
          false | false | true  | true
          """)
  void aTrackedConnectionGoesOnWhereItIsKeptOrStillAllowed(
      boolean keeps, boolean kept, boolean allowed, boolean passes) {
    Image image = Fabric.of(FABRIC.formatted(keeps)).image();
    Packet opening = packet("web1@10.0.0.1", "lb1@10.0.0.2", allowed ? 80 : 81);
    Verdict verdict = Oracle.judgeTracked(image, opening, kept);
    assertThat(verdict.allowed()).isEqualTo(passes);
    assertThat(verdict.kept()).isEqualTo(passes && !allowed);
    assertThat(verdict.rejected()).isFalse();
  }

  @Test
  void aConnectionIsNotKeptPastItsAddresses() {
    Image image = Fabric.of(FABRIC.formatted("true")).image();
    Packet gone = packet("web1@10.0.0.200", "lb1@10.0.0.2", 80);
    assertThat(Oracle.judgeTracked(image, gone, true).allowed()).isFalse();
  }
}
