package io.fynbos.policy.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.Fabric;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.verdict.Verdict.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the contract says of packets, as tables: policies, a packet, the verdict. */
class VerdictTest {
  /**
   * web1, web2 in web; db1 in db; app1 in web and db; lone1 in no group; all in blue. web1 and db1
   * are in red too.
   */
  private static final String FABRIC =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/24, "fd00:7::/64"]}
      ---
      {kind: Universe, name: red, prefixes: [10.0.0.0/24, "fd00:7::/64"], defaults: {in: allow, out: allow}}
      ---
      {kind: Universe, name: shut, prefixes: [10.0.0.0/24], defaults: {in: allow, out: deny}}
      ---
      {kind: Universe, name: world, prefixes: [10.0.0.0/24], internet: shared, defaults: {in: deny, out: allow}}
      ---
      {kind: SecurityGroup, universe: blue, name: web}
      ---
      {kind: SecurityGroup, universe: blue, name: db}
      ---
      {kind: SecurityGroup, universe: blue, name: nobody}
      ---
      {kind: SecurityGroup, universe: red, name: web}
      ---
      {kind: Endpoint, universe: blue, name: web1, addresses: [10.0.0.1, "fd00:7::1"], groups: [web]}
      ---
      {kind: Endpoint, universe: blue, name: web2, addresses: [10.0.0.2, "fd00:7::2"], groups: [web]}
      ---
      {kind: Endpoint, universe: blue, name: db1, addresses: [10.0.0.3, "fd00:7::3"], groups: [db]}
      ---
      {kind: Endpoint, universe: blue, name: app1, addresses: [10.0.0.4, "fd00:7::4"], groups: [web, db]}
      ---
      {kind: Endpoint, universe: blue, name: lone1, addresses: [10.0.0.5, "fd00:7::5"]}
      ---
      {kind: Endpoint, universe: red, name: web1, addresses: [10.0.0.1, "fd00:7::1"], groups: [web]}
      ---
      {kind: Endpoint, universe: red, name: db1, addresses: [10.0.0.3, "fd00:7::3"]}
      ---
      {kind: Endpoint, universe: shut, name: a, addresses: [10.0.0.1]}
      ---
      {kind: Endpoint, universe: shut, name: b, addresses: [10.0.0.2]}
      ---
      {kind: Endpoint, universe: world, name: a, addresses: [10.0.0.1]}
      """;

  private static final String POLICY = "{kind: Policy, name: %s, tier: %s, universe: blue, %s}";

  private final Fabric fabric = Fabric.of(FABRIC);

  private static End end(Image image, String text) {
    if (text.indexOf('/') < 0) {
      return new End.OfAddress(IpAddress.parse(text));
    }
    int at = text.indexOf('@');
    EndpointRef ref = EndpointRef.parse(at < 0 ? text : text.substring(0, at));
    if (at >= 0) {
      return new End.OfEndpoint(ref, IpAddress.parse(text.substring(at + 1)));
    }
    return new End.OfEndpoint(ref, image.endpoint(ref).orElseThrow().addresses().get(0));
  }

  /**
   * {@code tcp/80}, {@code udp/53<4000} (source after the sign), {@code icmp/8}, {@code icmp/3.4},
   * {@code 47}.
   */
  private static Transport transport(String text) {
    String[] parts = text.split("[/<.]", -1);
    return switch (parts[0]) {
      case "tcp" -> ports(6, parts);
      case "udp" -> ports(17, parts);
      case "sctp" -> ports(132, parts);
      case "icmp" -> icmp(1, parts);
      case "icmpv6" -> icmp(58, parts);
      default -> new Transport.Other(Integer.parseInt(parts[0]));
    };
  }

  private static Transport ports(int protocol, String[] parts) {
    int source = parts.length > 2 ? Integer.parseInt(parts[2]) : 40000;
    return new Transport.Ports(protocol, source, Integer.parseInt(parts[1]));
  }

  private static Transport icmp(int protocol, String[] parts) {
    int code = parts.length > 2 ? Integer.parseInt(parts[2]) : 0;
    return new Transport.Icmp(protocol, Integer.parseInt(parts[1]), code);
  }

  private Packet packet(String text) {
    String[] words = text.trim().split(" +", -1);
    return new Packet(
        end(fabric.image(), words[0]), end(fabric.image(), words[1]), transport(words[2]));
  }

  private static String word(Verdict verdict) {
    if (verdict.noRoute().isPresent()) {
      return verdict.noRoute().get().name();
    }
    return verdict.allowed() ? "allow" : verdict.rejected() ? "reject" : "deny";
  }

  private Verdict judge(String packet) {
    return Oracle.judge(fabric.image(), packet(packet));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          blue/web1 blue/db1 tcp/5432            | deny
          red/web1 red/db1 tcp/5432              | allow
          shut/a shut/b tcp/1                    | deny
          blue/web1 red/db1 tcp/1                | OTHER_UNIVERSE
          red/web1 blue/db1 tcp/1                | OTHER_UNIVERSE
          red/web1 10.0.0.3 tcp/1                | allow
          10.0.0.1 red/db1 tcp/1                 | allow
          blue/web1 10.0.0.9 tcp/1               | NO_SUCH_ADDRESS
          blue/web1 192.0.2.1 tcp/1              | NO_INTERNET
          192.0.2.1 blue/web1 tcp/1              | NO_INTERNET
          world/a 192.0.2.1 tcp/1                | allow
          192.0.2.1 world/a tcp/1                | deny
          192.0.2.1 192.0.2.2 tcp/1              | NO_ENDPOINT
          red/web1 fd00:7::3 tcp/1               | OTHER_FAMILY
          red/web1@fd00:7::1 fd00:7::3 tcp/1     | allow
          red/web1@10.0.0.3 red/db1 tcp/1        | FOREIGN_SOURCE
          red/web1 red/db1@10.0.0.1 tcp/1        | FOREIGN_DESTINATION
          red/web1@10.0.0.1 red/web1@10.0.0.1 tcp/1 | ITSELF
          red/gone@10.0.0.1 red/db1 tcp/1        | UNKNOWN_SENDER
          red/web1 red/gone@10.0.0.1 tcp/1       | UNKNOWN_RECEIVER
          """)
  void withoutPoliciesRoutesAndDefaultsDecide(String packet, String expected) {
    assertThat(word(judge(packet))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # groups as peers
          appliesTo: {groups: [db]}, rules: [{direction: in, action: allow, peers: [{group: web}]}] | blue/web1 blue/db1 tcp/1 | allow
          appliesTo: {groups: [db]}, rules: [{direction: in, action: allow, peers: [{group: web}]}] | blue/web1 blue/lone1 tcp/1 | deny
          appliesTo: {groups: [db]}, rules: [{direction: in, action: allow, peers: [{group: web}]}] | blue/lone1 blue/db1 tcp/1 | deny
          appliesTo: {groups: [db]}, rules: [{direction: in, action: allow, peers: [{group: web}]}] | blue/app1 blue/db1 tcp/1 | allow
          appliesTo: {groups: [db]}, rules: [{direction: in, action: allow, peers: [{group: web}]}] | blue/web1 blue/app1 tcp/1 | allow
          appliesTo: {groups: [db]}, rules: [{direction: in, action: allow, peers: [{group: nobody}]}] | blue/web1 blue/db1 tcp/1 | deny
          appliesTo: {groups: [nobody, db]}, rules: [{direction: in, action: allow}] | blue/web1 blue/db1 tcp/1 | allow
          appliesTo: {groups: [nobody]}, rules: [{direction: in, action: allow}] | blue/web1 blue/db1 tcp/1 | deny
          rules: [{direction: in, action: allow}] | blue/web1 blue/lone1 tcp/1 | allow
          rules: [{direction: in, action: allow}] | red/web1 red/db1 tcp/1 | allow
          rules: [{direction: in, action: deny}] | red/web1 red/db1 tcp/1 | allow
          # CIDRs match endpoints' private addresses
          rules: [{direction: in, action: allow, peers: [{cidr: 10.0.0.0/30}]}] | blue/web1 blue/db1 tcp/1 | allow
          rules: [{direction: in, action: allow, peers: [{cidr: 10.0.0.0/30}]}] | blue/app1 blue/db1 tcp/1 | deny
          rules: [{direction: in, action: allow, peers: [{cidr: 10.0.0.0/30}]}] | blue/web1@fd00:7::1 blue/db1@fd00:7::3 tcp/1 | deny
          rules: [{direction: in, action: allow, peers: [{cidr: "fd00:7::/126"}]}] | blue/web1@fd00:7::1 blue/db1@fd00:7::3 tcp/1 | allow
          rules: [{direction: in, action: allow, peers: [{cidr: 10.0.0.0/24, except: [10.0.0.1/32]}]}] | blue/web1 blue/db1 tcp/1 | deny
          rules: [{direction: in, action: allow, peers: [{cidr: 10.0.0.0/24, except: [10.0.0.1/32]}]}] | blue/web2 blue/db1 tcp/1 | allow
          rules: [{direction: in, action: allow, peers: [{cidr: 10.0.0.0/24, except: [10.0.0.1/32]}, {group: web}]}] | blue/web1 blue/db1 tcp/1 | allow
          rules: [{direction: in, action: allow, peers: [{cidr: 0.0.0.0/0}]}] | blue/web1 blue/db1 tcp/1 | allow
          # services
          rules: [{direction: in, action: allow, services: [{protocol: tcp, ports: ["5432"]}]}] | blue/web1 blue/db1 tcp/5432 | allow
          rules: [{direction: in, action: allow, services: [{protocol: tcp, ports: ["5432"]}]}] | blue/web1 blue/db1 tcp/5433 | deny
          rules: [{direction: in, action: allow, services: [{protocol: tcp, ports: ["5432"]}]}] | blue/web1 blue/db1 udp/5432 | deny
          rules: [{direction: in, action: allow, services: [{protocol: tcp, ports: ["5432"]}]}] | blue/web1 blue/db1 tcp/80<5432 | deny
          rules: [{direction: in, action: allow, services: [{protocol: tcp, ports: ["1-2", "8000-8080"]}]}] | blue/web1 blue/db1 tcp/8080 | allow
          rules: [{direction: in, action: allow, services: [{protocol: tcp, ports: ["1-2", "8000-8080"]}]}] | blue/web1 blue/db1 tcp/8081 | deny
          rules: [{direction: in, action: allow, services: [{protocol: udp}]}] | blue/web1 blue/db1 udp/0 | allow
          rules: [{direction: in, action: allow, services: [{protocol: tcp}, {protocol: icmp, type: 8}]}] | blue/web1 blue/db1 icmp/8 | allow
          rules: [{direction: in, action: allow, services: [{protocol: icmp, type: 8}]}] | blue/web1 blue/db1 icmp/13 | deny
          rules: [{direction: in, action: allow, services: [{protocol: icmp}]}] | blue/web1 blue/db1 icmp/13 | allow
          rules: [{direction: in, action: allow, services: [{protocol: icmp, type: 3, code: 4}]}] | blue/web1 blue/db1 icmp/3.4 | allow
          rules: [{direction: in, action: allow, services: [{protocol: icmp, type: 3, code: 4}]}] | blue/web1 blue/db1 icmp/3.1 | deny
          rules: [{direction: in, action: allow, services: [{protocol: icmp}]}] | blue/web1@fd00:7::1 blue/db1@fd00:7::3 icmpv6/128 | deny
          rules: [{direction: in, action: allow, services: [{protocol: 58}]}] | blue/web1@fd00:7::1 blue/db1@fd00:7::3 icmpv6/128 | allow
          rules: [{direction: in, action: allow, services: [{protocol: 47}]}] | blue/web1 blue/db1 47 | allow
          rules: [{direction: in, action: allow, services: [{protocol: 47}]}] | blue/web1 blue/db1 89 | deny
          # both directions must allow
          rules: [{direction: in, action: allow}, {direction: out, action: deny, peers: [{group: db}]}] | blue/web1 blue/db1 tcp/1 | deny
          rules: [{direction: in, action: allow}, {direction: out, action: deny, peers: [{group: db}]}] | blue/db1 blue/web1 tcp/1 | allow
          rules: [{direction: out, action: allow}] | blue/web1 blue/db1 tcp/1 | deny
          rules: [{direction: out, action: reject}, {direction: in, action: allow}] | blue/web1 blue/db1 tcp/1 | reject
          rules: [{direction: out, action: reject}, {direction: in, action: deny}] | blue/web1 blue/db1 tcp/1 | reject
          rules: [{direction: out, action: deny}, {direction: in, action: reject}] | blue/web1 blue/db1 tcp/1 | deny
          rules: [{direction: in, action: reject}] | blue/web1 blue/db1 tcp/1 | reject
          # at equal order deny beats reject beats allow
          rules: [{direction: in, action: allow}, {direction: in, action: deny}] | blue/web1 blue/db1 tcp/1 | deny
          rules: [{direction: in, action: deny}, {direction: in, action: allow}] | blue/web1 blue/db1 tcp/1 | deny
          rules: [{direction: in, action: allow}, {direction: in, action: reject}] | blue/web1 blue/db1 tcp/1 | reject
          rules: [{direction: in, action: deny}, {direction: in, action: reject}] | blue/web1 blue/db1 tcp/1 | deny
          # the smaller order decides
          rules: [{direction: in, action: allow, order: 900}, {direction: in, action: deny}] | blue/web1 blue/db1 tcp/1 | allow
          rules: [{direction: in, action: allow, order: 1001}, {direction: in, action: deny}] | blue/web1 blue/db1 tcp/1 | deny
          order: 0, rules: [{direction: in, action: allow}, {direction: in, action: deny, order: 1}] | blue/web1 blue/db1 tcp/1 | allow
          order: 15999, rules: [{direction: in, action: allow, order: 0, services: [{protocol: tcp}]}, {direction: in, action: deny}] | blue/web1 blue/db1 udp/1 | deny
          """)
  void onePolicyOfTheTenant(String fields, String packet, String expected) {
    fabric.apply(POLICY.formatted("p", "universe", fields));
    assertThat(word(judge(packet))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # tiers: guardrail, then universe, then default
          tier: guardrail, rules: [{direction: in, action: deny}] | tier: universe, universe: blue, rules: [{direction: in, action: allow}] | deny
          tier: guardrail, rules: [{direction: in, action: allow}] | tier: universe, universe: blue, order: 0, rules: [{direction: in, action: deny}] | allow
          tier: default, rules: [{direction: in, action: allow}] | tier: universe, universe: blue, rules: [{direction: in, action: deny}] | deny
          tier: default, order: 0, rules: [{direction: in, action: deny}] | tier: universe, universe: blue, order: 15999, rules: [{direction: in, action: allow}] | allow
          tier: default, rules: [{direction: in, action: allow}] | tier: universe, universe: blue, rules: [{direction: in, action: deny, services: [{protocol: udp}]}] | allow
          # pass leaves it to the next tier
          tier: guardrail, rules: [{direction: in, action: pass}] | tier: universe, universe: blue, rules: [{direction: in, action: allow}] | allow
          tier: guardrail, rules: [{direction: in, action: pass}] | tier: default, rules: [{direction: in, action: allow}] | allow
          tier: guardrail, rules: [{direction: in, action: pass}] | tier: guardrail, order: 2000, rules: [{direction: in, action: allow}] | deny
          tier: guardrail, rules: [{direction: in, action: pass}] | tier: guardrail, rules: [{direction: in, action: allow}] | allow
          tier: guardrail, rules: [{direction: in, action: pass}] | tier: guardrail, order: 999, rules: [{direction: in, action: allow}] | allow
          tier: guardrail, order: 10, rules: [{direction: in, action: pass}] | tier: guardrail, order: 20, rules: [{direction: in, action: reject}] | deny
          # orders are compared across the whole tier
          tier: universe, universe: blue, order: 5, rules: [{direction: in, action: allow}] | tier: universe, universe: blue, order: 4, rules: [{direction: in, action: deny}] | deny
          tier: universe, universe: blue, order: 5, rules: [{direction: in, action: allow, order: 3}] | tier: universe, universe: blue, order: 4, rules: [{direction: in, action: deny}] | allow
          tier: universe, universe: blue, order: 5, rules: [{direction: in, action: allow}] | tier: universe, universe: blue, order: 5, rules: [{direction: in, action: reject}] | reject
          # fabric-wide and the universe's own in one tier
          tier: guardrail, order: 5, rules: [{direction: in, action: deny}] | tier: guardrail, universe: blue, order: 4, rules: [{direction: in, action: allow}] | allow
          tier: guardrail, order: 5, rules: [{direction: in, action: deny}] | tier: guardrail, universe: red, order: 4, rules: [{direction: in, action: allow}] | deny
          tier: default, appliesTo: {universes: [blue]}, rules: [{direction: in, action: allow}] | tier: default, appliesTo: {universes: [red]}, rules: [{direction: in, action: deny}] | allow
          tier: default, appliesTo: {groups: [blue/db]}, rules: [{direction: in, action: allow}] | tier: default, appliesTo: {universes: [red], groups: [blue/db]}, rules: [{direction: in, action: deny}] | allow
          tier: default, appliesTo: {universes: [red, blue], groups: [red/web, blue/db]}, rules: [{direction: in, action: allow}] | tier: default, order: 1001, rules: [{direction: in, action: deny}] | allow
          tier: default, rules: [{direction: in, action: allow, peers: [{group: blue/web}]}] | tier: default, rules: [{direction: in, action: deny, peers: [{group: red/web}]}] | allow
          """)
  void twoPolicies(String first, String second, String expected) {
    fabric.apply("{kind: Policy, name: one, %s}".formatted(first));
    fabric.apply("{kind: Policy, name: two, %s}".formatted(second));
    assertThat(word(judge("blue/web1 blue/db1 tcp/5432"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tier: universe, universe: blue, order: 0, rules: [{direction: out, action: deny}] | blue/web1 169.254.169.253 udp/53 | allow
          tier: default, order: 0, rules: [{direction: out, action: deny}] | blue/web1@fd00:7::1 fd00:ec2::254 tcp/80 | allow
          tier: guardrail, rules: [{direction: in, action: deny}] | shut/a 169.254.169.254 tcp/80 | allow
          tier: guardrail, rules: [{direction: out, action: pass}] | shut/a 169.254.169.253 udp/53 | allow
          tier: guardrail, rules: [{direction: out, action: deny, peers: [{cidr: 169.254.169.253/32}]}] | blue/web1 169.254.169.253 udp/53 | deny
          tier: guardrail, rules: [{direction: out, action: deny, peers: [{cidr: 169.254.169.253/32}]}] | blue/web1 169.254.169.254 tcp/80 | allow
          tier: guardrail, rules: [{direction: out, action: reject, peers: [{cidr: "fd00:ec2::/64"}], services: [{protocol: tcp}]}] | blue/web1@fd00:7::1 fd00:ec2::254 tcp/80 | reject
          tier: guardrail, rules: [{direction: out, action: allow}] | blue/web1 169.254.169.252 udp/53 | NO_INTERNET
          """)
  void onlyGuardrailsAreAskedAboutTheFabricsOwnServices(
      String fields, String packet, String expected) {
    fabric.apply("{kind: Policy, name: p, %s}".formatted(fields));
    assertThat(word(judge(packet))).isEqualTo(expected);
  }

  private static final String WEB_TO_DB =
      POLICY.formatted(
          "p",
          "universe",
          "appliesTo: {groups: [db]}, rules: [{direction: in, action: allow, peers: [{group: web}], "
              + "services: [{protocol: tcp, ports: [5432]}, {protocol: sctp, ports: [5432]}, {protocol: icmp, type: 8}]}]");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          blue/web1 blue/db1 tcp/5432           | allow | deny  | allow
          blue/db1 blue/web1 tcp/40000<5432     | deny  | allow | allow
          blue/db1 blue/web1 tcp/5432           | deny  | deny  | deny
          blue/web1 blue/db1 tcp/40000<5432     | deny  | deny  | deny
          blue/web1 blue/db1 tcp/5432<5432      | allow | deny  | deny
          blue/web1 blue/db1 tcp/40001<40000    | deny  | deny  | deny
          blue/web1 blue/db1 sctp/5432          | allow | deny  | -
          blue/db1 blue/web1 sctp/40000<5432    | allow | allow | -
          blue/db1 blue/web1 sctp/40000<5433    | deny  | deny  | -
          blue/db1 blue/web1 icmp/0             | deny  | allow | -
          blue/web1 blue/db1 icmp/8             | allow | deny  | -
          """)
  void newPacketsRepliesAndMidstreamPackets(
      String packet, String fresh, String reply, String midstream) {
    fabric.apply(WEB_TO_DB);
    Image image = fabric.image();
    assertThat(word(Oracle.judge(image, packet(packet)))).isEqualTo(fresh);
    assertThat(word(Oracle.judgeReply(image, packet(packet)))).isEqualTo(reply);
    if (!midstream.equals("-")) {
      assertThat(word(Oracle.judgeMidstream(image, packet(packet)))).isEqualTo(midstream);
    }
  }

  @Test
  void aVerdictNamesEveryRuleThatTookPart() {
    fabric.apply(WEB_TO_DB);
    fabric.apply(
        "{kind: Policy, name: g, tier: guardrail, rules: [{direction: in, action: pass}]}");
    fabric.apply(
        POLICY.formatted(
            "q",
            "universe",
            "rules: [{direction: out, action: deny}, {direction: in, action: deny}]"));
    Verdict verdict = judge("blue/web1 blue/db1 tcp/5432");
    assertThat(verdict.judgements().get(1).steps())
        .isEqualTo(
            List.of(
                new Step(Tier.GUARDRAIL, 1000, PolicyRef.fabricWide("g"), 0, Action.PASS, true),
                new Step(Tier.UNIVERSE, 1000, PolicyRef.of("blue", "p"), 0, Action.ALLOW, false),
                new Step(Tier.UNIVERSE, 1000, PolicyRef.of("blue", "q"), 1, Action.DENY, true)));
    assertThat(verdict.explanation())
        .isEqualTo(
            """
            dropped: blue/web1 (10.0.0.1) → blue/db1 (10.0.0.3) tcp 40000 → 5432
              out of blue/web1: deny
                deny rule 0 of blue/q (tier universe, order 1000)
              in of blue/db1: deny
                pass rule 0 of g (tier guardrail, order 1000)
                allow rule 0 of blue/p (tier universe, order 1000), outdone
                deny rule 1 of blue/q (tier universe, order 1000)
            """);
  }

  @Test
  void defaultsSayThatTheyDecided() {
    assertThat(judge("blue/web1 blue/db1 tcp/5432").explanation())
        .isEqualTo(
            """
            dropped: blue/web1 (10.0.0.1) → blue/db1 (10.0.0.3) tcp 40000 → 5432
              out of blue/web1: allow by default
              in of blue/db1: deny by default
            """);
    assertThat(judge("blue/web1 192.0.2.1 tcp/1").explanation())
        .isEqualTo(
            """
            dropped: blue/web1 (10.0.0.1) → 192.0.2.1 tcp 40000 → 1
              no route: the address is outside and the universe has internet: none
            """);
  }
}
