package io.fynbos.policy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fynbos.policy.RandomImages;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.FabricObject;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Kind;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DocumentsTest {
  /** The documents of the API contract, to the letter. */
  static final String CONTRACT =
      """
      kind: Universe
      name: blue                          # [a-z0-9-], at most 63
      prefixes: [10.0.0.0/16, "fd00:7::/64"]
      defaults: {in: deny, out: allow}    # what happens where no rule of any tier matches
      keepEstablished: false
      logDenied: false
      internet: shared
      ---
      kind: SecurityGroup
      universe: blue
      name: web
      ---
      kind: SecurityGroup
      universe: blue
      name: db
      ---
      kind: Endpoint
      universe: blue
      name: web1
      id: 6f1c0a52-9f0e-4d8e-9a61-2f4f6f1c0a52
      mac: 02:00:00:00:00:01
      addresses: [10.0.1.10, "fd00:7::10"]
      groups: [web]
      publicAddresses: [{public: 203.0.113.20, private: 10.0.1.10}]
      ---
      kind: Pool
      name: public
      prefixes: [203.0.113.0/24, "2001:db8:7::/48"]
      shared: [203.0.113.128/28]
      ---
      kind: Policy
      name: web-to-db
      tier: universe
      universe: blue
      order: 1000
      appliesTo: {groups: [db]}
      rules:
      - direction: in
        action: allow
        order: 900
        peers: [{group: web}, {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}]
        services: [{protocol: tcp, ports: ["5432", "8000-8080"]}, {protocol: icmp, type: 8}]
        log: false
      """;

  static List<Edit> parse(String text) {
    try {
      return Documents.parse(text.getBytes(UTF_8));
    } catch (WireError e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  static Document one(String text) {
    Edit edit = parse(text).get(0);
    return ((Edit.Put) edit).document();
  }

  @Test
  void theDocumentsOfTheContractAreRead() {
    List<Edit> edits = parse(CONTRACT);
    assertThat(edits.stream().map(edit -> edit.key().sentence()))
        .containsExactly(
            "universe blue",
            "group blue/web",
            "group blue/db",
            "endpoint blue/web1",
            "pool public",
            "policy blue/web-to-db");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void whatIsPrintedReadsBackEqual(Format format) throws WireError {
    for (long seed = 1; seed <= 30; seed++) {
      List<Edit> edits = documentsOf(RandomImages.complete(seed).image(RandomImages.Size.MEDIUM));
      byte[] printed = format == Format.JSON ? Documents.toJson(edits) : Documents.toYaml(edits);
      assertThat(Documents.parse(printed, format)).as("seed %d", seed).isEqualTo(edits);
      assertThat(Format.of(printed)).isEqualTo(format);
    }
    List<Edit> contract = parse(CONTRACT);
    assertThat(Documents.parse(Documents.toYaml(contract))).isEqualTo(contract);
  }

  private static List<Edit> documentsOf(Image image) {
    List<Edit> edits = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Versioned<? extends FabricObject> object : image.objects(kind).values()) {
        edits.add(new Edit.Put(object.value().document()));
      }
    }
    edits.add(new Edit.Delete(EndpointRef.of("u0", "gone")));
    edits.add(new Edit.Delete(PolicyRef.fabricWide("gone")));
    return edits;
  }

  @Test
  void namesThatLookLikeOtherThingsSurviveYaml() throws WireError {
    for (String name :
        List.of("1", "007", "1e3", "0x1f", "true", "no", "null", "-", "--", "---", "1-2", "y")) {
      List<Edit> edits = List.of(new Edit.Delete(GroupRef.of("blue", name)));
      assertThat(Documents.parse(Documents.toYaml(edits), Format.YAML)).isEqualTo(edits);
    }
  }

  @Test
  void aListAndDocumentsInAnObjectAndSingleOnesAreTheSame() {
    String group = "{\"kind\":\"SecurityGroup\",\"universe\":\"blue\",\"name\":\"web\"}";
    List<Edit> single = parse(group);
    assertThat(parse("[" + group + "]")).isEqualTo(single);
    assertThat(parse("{\"documents\":[" + group + "]}")).isEqualTo(single);
    assertThat(parse("- {kind: SecurityGroup, universe: blue, name: web}")).isEqualTo(single);
    assertThat(parse("---\n---\n# nothing\n---\nkind: SecurityGroup\nuniverse: blue\nname: web\n"))
        .isEqualTo(single);
    assertThat(parse("")).isEmpty();
    assertThat(parse("[]")).isEmpty();
  }

  @Test
  void deleteTrueNeedsOnlyTheName() {
    assertThat(parse("{kind: Endpoint, universe: blue, name: web1, delete: true}"))
        .containsExactly(new Edit.Delete(EndpointRef.of("blue", "web1")));
    assertThat(parse("{kind: Policy, name: web1, delete: true, rules: []}"))
        .containsExactly(new Edit.Delete(PolicyRef.fabricWide("web1")));
    assertThat(parse("{kind: Universe, name: blue, delete: false, prefixes: [10.0.0.0/8]}").get(0))
        .isInstanceOf(Edit.Put.class);
  }

  @Test
  void documentsToDeleteAreNamedByTheSameDocuments() throws WireError {
    List<Edit> deletes = Documents.parseDeletes(CONTRACT.getBytes(UTF_8), Format.YAML);
    assertThat(deletes).allMatch(edit -> edit instanceof Edit.Delete).hasSize(6);
  }

  @Test
  void absentFieldsHaveTheirDefaults() {
    Document universe = one("{kind: Universe, name: blue, prefixes: [10.0.0.0/16]}");
    assertThat(new String(Documents.toJson(universe), UTF_8))
        .isEqualTo(
            "{\"kind\":\"Universe\",\"name\":\"blue\",\"prefixes\":[\"10.0.0.0/16\"],"
                + "\"defaults\":{\"in\":\"deny\",\"out\":\"allow\"},"
                + "\"keepEstablished\":false,\"logDenied\":false,\"internet\":\"none\"}");
    Document policy = one("{kind: Policy, name: p, tier: default, rules: []}");
    assertThat(new String(Documents.toJson(policy), UTF_8))
        .isEqualTo(
            "{\"kind\":\"Policy\",\"name\":\"p\",\"tier\":\"default\",\"order\":1000,\"rules\":[]}");
  }

  @Test
  void aProtocolsNumberEqualsItsName() {
    String rules =
        "{kind: Policy, name: p, tier: default, rules: [{direction: in, action: allow, services: [%s]}]}";
    assertThat(one(rules.formatted("{protocol: 6, ports: [80]}")))
        .isEqualTo(one(rules.formatted("{protocol: tcp, ports: [\"80\"]}")));
    assertThat(
            one(rules.formatted("{protocol: 17}, {protocol: 132}, {protocol: 1}, {protocol: 58}")))
        .isEqualTo(
            one(
                rules.formatted(
                    "{protocol: udp}, {protocol: sctp}, {protocol: icmp}, {protocol: icmpv6}")));
    Document.PolicyDocument gre =
        (Document.PolicyDocument)
            one(rules.formatted("{protocol: 47}, {protocol: icmp, type: 3, code: 4}"));
    assertThat(gre.policy().rules().get(0).services())
        .containsExactly(
            new Service.Other(47), new Service.Icmp(1, OptionalInt.of(3), OptionalInt.of(4)));
    Document.PolicyDocument ports =
        (Document.PolicyDocument)
            one(rules.formatted("{protocol: tcp, ports: [0, 65535, 0-65535]}"));
    assertThat(ports.policy().rules().get(0).services())
        .containsExactly(
            new Service.Ports(6, List.of(PortRange.of(0), PortRange.of(65535), PortRange.ALL)));
  }

  @Test
  void fabricWidePoliciesNameGroupsWithTheirUniverse() {
    Document.PolicyDocument policy =
        (Document.PolicyDocument)
            one(
                """
                {kind: Policy, name: p, tier: guardrail, appliesTo: {universes: [red, blue], groups: [blue/web]},
                 rules: [{direction: out, action: pass, peers: [{group: red/db}]}]}
                """);
    assertThat(policy.policy().appliesTo().universes())
        .containsExactly(new UniverseName("blue"), new UniverseName("red"));
    assertThat(policy.policy().groups())
        .containsExactly(GroupRef.of("blue", "web"), GroupRef.of("red", "db"));
  }

  @Test
  void anObjectsOwnPathCompletesItsDocument() throws WireError {
    EndpointRef ref = EndpointRef.of("blue", "web1");
    byte[] bare = "{\"groups\": []}".getBytes(UTF_8);
    byte[] full =
        "{\"kind\": \"Endpoint\", \"universe\": \"blue\", \"name\": \"web1\"}".getBytes(UTF_8);
    assertThat(Documents.parseOne(bare, ref)).isEqualTo(Documents.parseOne(full, ref));
    assertThat(parseOneError("{\"name\": \"web2\"}", ref))
        .isEqualTo("name: expected \"web1\", as in the path, found \"web2\"");
    assertThat(parseOneError("{\"universe\": \"red\"}", PolicyRef.fabricWide("p")))
        .isEqualTo("universe: expected no universe, as in the path, found \"red\"");
    assertThat(parseOneError("{\"delete\": true}", ref))
        .isEqualTo("delete: expected a document to put, found delete: true");
  }

  private static String parseOneError(String text, ObjectKey key) {
    WireError error =
        catchThrowableOfType(WireError.class, () -> Documents.parseOne(text.getBytes(UTF_8), key));
    return String.valueOf(error.getMessage());
  }
}
