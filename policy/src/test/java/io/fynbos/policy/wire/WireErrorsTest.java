package io.fynbos.policy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fynbos.policy.wire.WireError.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that can be wrong with a document, and the message that its author gets. */
class WireErrorsTest {
  private static WireError error(byte[] bytes) {
    return catchThrowableOfType(WireError.class, () -> Documents.parse(bytes));
  }

  private static WireError error(String text) {
    WireError error = error(text.getBytes(UTF_8));
    assertThat(error).as("an error in %s", text).isNotNull();
    return error;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {kind: Universes, name: blue}                | unknown-kind | kind: expected one of Universe, SecurityGroup, Endpoint, Policy, Pool, Host, found "Universes"
          {name: blue}                                 | missing-field | kind: expected this field, found nothing
          {kind: 7}                                    | wrong-type | kind: expected a string, in quotes, found the number 7
          just words                                   | wrong-type | documents[0]: expected an object, found "just words"
          {kind: Universe}                             | missing-field | name: expected this field, found nothing
          {kind: Universe, name: Blue}                 | bad-value | name: expected a name of a-z, 0-9 and -, at most 63 characters, found "Blue": a universe name is made of a-z, 0-9 and -, which "Blue" is not
          {kind: Universe, name: ""}                   | bad-value | name: expected a name of a-z, 0-9 and -, at most 63 characters, found "": a universe name has 1 to 63 characters, not 0
          {kind: Universe, name: blue}                 | missing-field | prefixes of Universe blue: expected this field, found nothing
          {kind: Universe, name: blue, prefixs: []}    | unknown-field | prefixs of Universe blue: expected the field prefixes, found an unknown field
          {kind: Universe, name: blue, prefixes: []}   | bad-value | prefixes of Universe blue: expected at least one element, found an empty list
          {kind: Universe, name: blue, prefixes: 10.0.0.0/8} | wrong-type | prefixes of Universe blue: expected a list, found "10.0.0.0/8"
          {kind: Universe, name: blue, prefixes: [10.0.0.1/8]} | bad-value | prefixes[0] of Universe blue: expected a prefix such as 10.0.0.0/16, found "10.0.0.1/8": 10.0.0.1/8 has host bits set; the prefix would be 10.0.0.0/8
          {kind: Universe, name: blue, prefixes: [10.0.0.0]} | bad-value | prefixes[0] of Universe blue: expected a prefix such as 10.0.0.0/16, found "10.0.0.0": a prefix is written like 10.0.0.0/16, which "10.0.0.0" is not
          {kind: Universe, name: blue, prefixes: [10.0.0.0/8, 10.1.0.0/16]} | bad-value | prefixes[1] of Universe blue: expected prefixes that do not overlap, found "10.1.0.0/16": it overlaps 10.0.0.0/8
          {kind: Universe, name: blue, prefixes: [10.0.0.0/8], colour: red} | unknown-field | colour of Universe blue: expected one of the fields kind, name, delete, prefixes, defaults, keepEstablished, logDenied, internet, found an unknown field
          {kind: Universe, name: blue, prefixes: [10.0.0.0/8], defaults: {in: pass}} | bad-value | defaults.in of Universe blue: expected one of allow, deny, found "pass"
          {kind: Universe, name: blue, prefixes: [10.0.0.0/8], defaults: {inn: deny}} | unknown-field | defaults.inn of Universe blue: expected one of the fields in, out, found an unknown field
          {kind: Universe, name: blue, prefixes: [10.0.0.0/8], logDenied: 1} | wrong-type | logDenied of Universe blue: expected true or false, found the number 1
          {kind: Universe, name: blue, prefixes: [10.0.0.0/8], keepEstablished: yes} | wrong-type | keepEstablished of Universe blue: expected true or false, found "yes"
          {kind: Universe, name: blue, prefixes: [10.0.0.0/8], internet: null} | wrong-type | internet of Universe blue: expected a string, found null
          {kind: Universe, name: blue, name: blue}     | duplicate-field | name: expected each field once, found it a second time
          {kind: SecurityGroup, name: web}             | missing-field | universe: expected this field, found nothing
          {kind: Universe, name: blue, delete: true, colour: red} | unknown-field | colour of Universe blue: expected one of the fields kind, name, delete, prefixes, defaults, keepEstablished, logDenied, internet, found an unknown field
          """)
  void whatIsWrongWithUniverses(String text, String fault, String message) {
    assertThat(error(text).getMessage()).isEqualTo(message);
    assertThat(error(text).fault().text()).isEqualTo(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id: 12                             | id of Endpoint blue/web1: expected a string, in quotes, found the number 12
          id: 1-2-3-4-5                      | id of Endpoint blue/web1: expected a UUID such as 6f1c0a52-9f0e-4d8e-9a61-2f4f6f1c0a52, found "1-2-3-4-5": a UUID has 8, 4, 4, 4 and 12 hexadecimal digits
          mac: "02:00:00:00:00"              | mac of Endpoint blue/web1: expected a MAC address such as 02:00:00:00:00:01, found "02:00:00:00:00": a MAC address is written like 02:00:00:00:00:01, which "02:00:00:00:00" is not
          mac: "01:00:00:00:00:01"           | mac of Endpoint blue/web1: expected the MAC address of one interface, found "01:00:00:00:00:01"
          addresses: []                      | addresses of Endpoint blue/web1: expected at least one element, found an empty list: leave addresses out to have some assigned
          addresses: [10.0.0.256]            | addresses[0] of Endpoint blue/web1: expected an IP address, found "10.0.0.256": "10.0.0.256" is not an IP address
          addresses: [10.0.0.1, 10.0.0.1]    | addresses[1] of Endpoint blue/web1: expected each element once, found "10.0.0.1": it is in the list twice
          groups: [web, web]                 | groups[1] of Endpoint blue/web1: expected each element once, found "web": it is in the list twice
          groups: [red/web]                  | groups[0] of Endpoint blue/web1: expected a name of a-z, 0-9 and -, at most 63 characters, found "red/web": a group name is made of a-z, 0-9 and -, which "red/web" is not
          publicAddresses: [{public: 203.0.113.1}] | publicAddresses[0].private of Endpoint blue/web1: expected this field, found nothing
          publicAddresses: [{public: "2001:db8::1", private: 10.0.0.1}] | publicAddresses[0] of Endpoint blue/web1: expected addresses of one family, found one that cannot be: 2001:db8::1 and 10.0.0.1 are of different families
          publicAddresses: [{public: 203.0.113.1, private: 10.0.0.1}, {public: 203.0.113.1, private: 10.0.0.2}] | Endpoint blue/web1: expected an endpoint, found one that cannot be: public address 203.0.113.1 is there twice
          groups:                            | groups of Endpoint blue/web1: expected a list, found ""
          addresses: ~                       | addresses of Endpoint blue/web1: expected a list, found null
          allowedAddresses: [10.0.0.300]     | allowedAddresses[0] of Endpoint blue/web1: expected an IP address, or a prefix such as 10.0.5.0/24, found "10.0.0.300": "10.0.0.300" is not an IP address
          allowedAddresses: [10.0.5.1/24]    | allowedAddresses[0] of Endpoint blue/web1: expected an IP address, or a prefix such as 10.0.5.0/24, found "10.0.5.1/24": 10.0.5.1/24 has host bits set; the prefix would be 10.0.5.0/24
          allowedAddresses: [10.0.5.0/24, 10.0.5.9] | Endpoint blue/web1: expected an endpoint, found one that cannot be: prefixes 10.0.5.0/24 and 10.0.5.9/32 overlap
          labels: {}                         | labels of Endpoint blue/web1: expected one of the fields kind, universe, name, delete, id, mac, addresses, groups, publicAddresses, allowedAddresses, found an unknown field
          """)
  void whatIsWrongWithEndpoints(String field, String message) {
    String text = "kind: Endpoint\nuniverse: blue\nname: web1\n" + field + "\n";
    assertThat(error(text).getMessage()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {services: []}                     | rules[1].services of Policy blue/p: expected at least one element, found an empty list: leave services out to mean everything
          {peers: []}                        | rules[1].peers of Policy blue/p: expected at least one element, found an empty list: leave peers out to mean anyone
          {action: pass}                     | rules[1].action of Policy blue/p: expected one of allow, deny, reject, found "pass": pass is for tier guardrail, this is tier universe
          {action: drop}                     | rules[1].action of Policy blue/p: expected one of pass, allow, reject, deny, found "drop"
          {direction: inbound}               | rules[1].direction of Policy blue/p: expected one of in, out, found "inbound"
          {order: 16000}                     | rules[1].order of Policy blue/p: expected an integer from 0 to 15999, found the number 16000
          {order: -1}                        | rules[1].order of Policy blue/p: expected an integer from 0 to 15999, found the number -1
          {order: 1.5}                       | rules[1].order of Policy blue/p: expected an integer from 0 to 15999, found the number 1.5
          {order: 99999999999999999999}      | rules[1].order of Policy blue/p: expected an integer from 0 to 15999, found the number 99999999999999999999
          {log: 1}                           | rules[1].log of Policy blue/p: expected true or false, found the number 1
          {stage: test}                      | rules[1].stage of Policy blue/p: expected one of enforce, audit, found "test"
          {name: x}                          | rules[1].name of Policy blue/p: expected one of the fields direction, action, order, peers, services, log, stage, found an unknown field
          {peers: [{group: red/web}]}        | rules[1].peers[0].group of Policy blue/p: expected the name of a group of universe blue, found "red/web": a policy with a universe names that universe's groups, without the universe
          {peers: [{group: a, cidr: 10.0.0.0/8}]} | rules[1].peers[0] of Policy blue/p: expected either group or cidr, found an object: it has both
          {peers: [{}]}                      | rules[1].peers[0] of Policy blue/p: expected either group or cidr, found an object: it has neither
          {peers: [{group: a, except: [10.0.0.0/8]}]} | rules[1].peers[0].except of Policy blue/p: expected one of the fields group, cidr, found an unknown field
          {peers: [{group: a}, {group: a}]}  | rules[1].peers[1] of Policy blue/p: expected each element once, found an object: it is in the list twice
          {peers: [{cidr: 10.0.0.0/8, except: [11.0.0.0/16]}]} | rules[1].peers[0].except[0] of Policy blue/p: expected a prefix inside 10.0.0.0/8, found "11.0.0.0/16"
          {services: [{protocol: tcp, ports: [70000]}]} | rules[1].services[0].ports[0] of Policy blue/p: expected an integer from 0 to 65535, found the number 70000
          {services: [{protocol: tcp, ports: ["70000"]}]} | rules[1].services[0].ports[0] of Policy blue/p: expected a port or a range of ports from 0 to 65535, found "70000": a port is 0 to 65535, which 70000 is not
          {services: [{protocol: tcp, ports: ["80-22"]}]} | rules[1].services[0].ports[0] of Policy blue/p: expected a port or a range of ports from 0 to 65535, found "80-22": a range of ports goes upwards, which 80-22 does not
          {services: [{protocol: tcp, ports: ["http"]}]} | rules[1].services[0].ports[0] of Policy blue/p: expected a port or a range of ports from 0 to 65535, found "http": ports are written like 5432 or 8000-8080, which "http" is not
          {services: [{protocol: tcp, ports: []}]} | rules[1].services[0].ports of Policy blue/p: expected at least one element, found an empty list: leave ports out to mean all ports
          {services: [{protocol: icmp, ports: [1]}]} | rules[1].services[0].ports of Policy blue/p: expected ports only with tcp, udp and sctp, found a list
          {services: [{protocol: tcp, type: 8}]} | rules[1].services[0].type of Policy blue/p: expected type only with icmp and icmpv6, found the number 8
          {services: [{protocol: icmp, code: 0}]} | rules[1].services[0].code of Policy blue/p: expected a code only with its type, found the number 0
          {services: [{protocol: icmp, type: 256}]} | rules[1].services[0].type of Policy blue/p: expected an integer from 0 to 255, found the number 256
          {services: [{protocol: 256}]}      | rules[1].services[0].protocol of Policy blue/p: expected an integer from 0 to 255, found the number 256
          {services: [{protocol: http}]}     | rules[1].services[0].protocol of Policy blue/p: expected tcp, udp, sctp, icmp, icmpv6 or a number from 0 to 255, found "http"
          {services: [{port: 80}]}           | rules[1].services[0].protocol of Policy blue/p: expected this field, found nothing
          {services: [{protocol: tcp}, {protocol: 6}]} | rules[1].services[1] of Policy blue/p: expected each element once, found an object: it is in the list twice
          """)
  void whatIsWrongWithRules(String fields, String message) {
    String rest = fields.substring(1);
    String rule =
        (fields.contains("direction") ? "{" : "{direction: in, ")
            + (fields.contains("action") ? "" : "action: allow, ")
            + (fields.contains("direction") ? "action: allow, " : "")
            + rest;
    String fixed = rule.replace("action: allow, action: allow, ", "action: allow, ");
    String text =
        "{kind: Policy, name: p, universe: blue, tier: universe, rules: [{direction: out, action: deny}, %s]}"
            .formatted(fixed);
    assertThat(error("---\n" + text).getMessage()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {kind: Policy, name: p, tier: universe, rules: []} | universe of Policy p: expected the universe of a policy of tier universe, found nothing
          {kind: Policy, name: p, tier: tenant, rules: []} | tier of Policy p: expected one of guardrail, universe, default, found "tenant"
          {kind: Policy, name: p, rules: []} | tier of Policy p: expected this field, found nothing
          {kind: Policy, name: p, tier: default} | rules of Policy p: expected this field, found nothing
          {kind: Policy, name: p, tier: default, appliesTo: {}, rules: []} | appliesTo of Policy p: expected groups, or universes in a fabric-wide policy, found an object: leave appliesTo out to apply to every endpoint in scope
          {kind: Policy, name: p, tier: default, appliesTo: {groups: [web]}, rules: []} | appliesTo.groups[0] of Policy p: expected a group with its universe, such as blue/web, found "web": a group is written universe/name, which "web" is not
          {kind: Policy, name: p, tier: default, universe: blue, appliesTo: {universes: [blue]}, rules: []} | appliesTo.universes of Policy blue/p: expected no universes in a policy that has its universe, found a list
          {kind: Pool, name: a, prefixes: [203.0.113.0/24], shared: [198.51.100.0/28]} | Pool a: expected a pool, found one that cannot be: shared prefix 198.51.100.0/28 is not inside a prefix of pool a
          {kind: Pool, name: a, prefixes: ["2001:db8::/48"], shared: ["2001:db8::/64"]} | Pool a: expected a pool, found one that cannot be: only IPv4 is shared by translation, and 2001:db8::/64 is IPv6
          {kind: Host, name: h1, underlay: 172.31.0.1, datapathId: "12"} | datapathId of Host h1: expected a datapath id of 16 hexadecimal digits, found "12": Open vSwitch shows it as datapath_id of the Bridge
          {kind: Host, name: h1, underlay: h1} | underlay of Host h1: expected an IP address, found "h1": "h1" is not an IP address
          """)
  void whatIsWrongWithPoliciesPoolsAndHosts(String text, String message) {
    assertThat(error(text).getMessage()).isEqualTo(message);
  }

  @Test
  void theDocumentAmongSeveralIsNamed() {
    String text =
        "kind: SecurityGroup\nuniverse: blue\nname: web\n---\nkind: Universe\nname: blue\nprefixes: [1]\n";
    WireError error = error(text);
    assertThat(error.path()).isEqualTo("documents[1].prefixes[0]");
    assertThat(error.about()).contains("Universe blue");
    assertThat(error.getMessage())
        .isEqualTo(
            "documents[1].prefixes[0] of Universe blue: expected a string, in quotes, found the number 1");
    String twice =
        "[{\"kind\":\"SecurityGroup\",\"universe\":\"b\",\"name\":\"w\"},"
            + "{\"kind\":\"SecurityGroup\",\"universe\":\"b\",\"name\":\"w\",\"delete\":true}]";
    assertThat(error(twice).fault()).isEqualTo(Fault.DUPLICATE_NAME);
    assertThat(error(twice).getMessage())
        .isEqualTo(
            "documents[1]: expected each object once, found group b/w a second time: it is documents[0] already");
  }

  @Test
  void textThatIsNotJsonOrYamlSaysWhere() {
    WireError json = error("{\"kind\": ");
    assertThat(json.fault()).isEqualTo(Fault.MALFORMED);
    assertThat(json.getMessage()).startsWith("expected JSON text, found a fault in it at line 1");
    assertThat(error("{\"kind\": \"Universe\"} x").fault()).isEqualTo(Fault.MALFORMED);
    assertThat(error("{} {}").getMessage())
        .isEqualTo("expected one JSON value, found more after its end");
    WireError yaml = error("kind: [a\nname: b\n");
    assertThat(yaml.fault()).isEqualTo(Fault.MALFORMED);
    assertThat(yaml.getMessage()).startsWith("expected YAML text, found a fault in it at line 2");
  }

  @Test
  void brokenUtf8IsRefused() {
    assertThat(error(new byte[] {'k', (byte) 0xc3, '('}).getMessage())
        .isEqualTo("expected UTF-8 text, found bytes that are not UTF-8");
    assertThat(error(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}).fault())
        .isEqualTo(Fault.NOT_UTF8);
  }

  @Test
  void largeAndDeepTextsAreRefused() {
    assertThat(error(new byte[Trees.BYTES_MAX + 1]).getMessage())
        .isEqualTo("expected at most 16777216 bytes, found 16777217 bytes");
    assertThat(error("[".repeat(100_000)).fault()).isEqualTo(Fault.TOO_LARGE);
    assertThat(error("a: " + "[".repeat(100_000)).fault()).isIn(Fault.TOO_LARGE, Fault.MALFORMED);
    assertThat(error("- ".repeat(10_000) + "x").fault()).isIn(Fault.TOO_LARGE, Fault.MALFORMED);
    assertThat(error("[\"" + "x".repeat(Trees.STRING_CHARS_MAX + 1) + "\"]").fault())
        .isEqualTo(Fault.TOO_LARGE);
    String list = "1,".repeat(Trees.VALUES_MAX);
    assertThat(error("[" + list + "1]").getMessage())
        .isEqualTo("[1999999]: expected at most 2000000 values, found more");
  }

  @Test
  void yamlAnchorsAndAliasesAreRefused() {
    String bomb =
        """
        a: &a [x, x, x, x, x, x, x, x, x]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
        """;
    assertThat(error(bomb).getMessage())
        .isEqualTo("a: expected YAML without anchors and aliases, found one; write it out");
    assertThat(error("kind: *x\n").fault()).isEqualTo(Fault.MALFORMED);
    assertThat(error("<<: *x\n").fault()).isEqualTo(Fault.MALFORMED);
  }

  @Test
  void whatIsFoundIsShownShortAndPrintable() {
    String text = "{\"kind\":\"" + "x".repeat(500) + "\\u0007\"}";
    assertThat(error(text).found()).isEqualTo("\"" + "x".repeat(80) + "…\"");
    assertThat(error("{\"kind\":\"a\\u0007\\nb\"}").found()).isEqualTo("\"a??b\"");
  }
}
