package io.fynbos.policy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.Fabric;
import io.fynbos.policy.SeededIds;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every refusal, and the message that whoever asked gets. */
class RefusalsTest {
  private static final String FABRIC =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/30, "fd00:7::/64"], internet: shared}
      ---
      {kind: Universe, name: red, prefixes: [10.0.0.0/30]}
      ---
      {kind: SecurityGroup, universe: blue, name: web}
      ---
      {kind: SecurityGroup, universe: blue, name: db}
      ---
      {kind: SecurityGroup, universe: blue, name: spare}
      ---
      {kind: Pool, name: public, prefixes: [203.0.113.0/24], shared: [203.0.113.128/28]}
      ---
      {kind: Endpoint, universe: blue, name: web1, id: 00000000-0000-4000-8000-000000000001,
       mac: "02:00:00:00:00:01", addresses: [10.0.0.1], groups: [web],
       publicAddresses: [{public: 203.0.113.1, private: 10.0.0.1}]}
      ---
      {kind: Endpoint, universe: blue, name: web2, id: 00000000-0000-4000-8000-000000000002,
       mac: "02:00:00:00:00:02", addresses: [10.0.0.2], groups: [web]}
      ---
      {kind: Policy, universe: blue, name: p, tier: universe, appliesTo: {groups: [db]},
       rules: [{direction: in, action: allow, peers: [{group: web}]}]}
      ---
      {kind: Policy, name: guard, tier: guardrail, appliesTo: {universes: [red]}, rules: []}
      ---
      {kind: Host, name: h1, underlay: 172.31.0.1, datapathId: "0000000000000001"}
      ---
      {kind: Host, name: h2, underlay: 172.31.0.2, datapathId: "0000000000000002"}
      """;

  private final Fabric fabric = Fabric.of(FABRIC);

  private static String line(Refusal refusal) {
    return "%d %s %s: %s"
        .formatted(
            refusal.status(), refusal.type(), refusal.field().orElse("-"), refusal.message());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {kind: SecurityGroup, universe: green, name: web} | 422 unknown-universe universe: group green/web names universe green, which does not exist; create it first, or in the same apply
          {kind: Endpoint, universe: green, name: web1} | 422 unknown-universe universe: endpoint green/web1 names universe green, which does not exist; create it first, or in the same apply
          {kind: Endpoint, universe: blue, name: web3, groups: [app]} | 422 unknown-group groups: endpoint blue/web3 names group blue/app, which does not exist; create it first, or in the same apply
          {kind: Policy, universe: green, name: q, tier: universe, rules: []} | 422 unknown-universe universe: policy green/q names universe green, which does not exist; create it first, or in the same apply
          {kind: Policy, name: q, tier: default, appliesTo: {universes: [green]}, rules: []} | 422 unknown-universe appliesTo.universes: policy q names universe green, which does not exist; create it first, or in the same apply
          {kind: Policy, universe: blue, name: q, tier: universe, appliesTo: {groups: [app]}, rules: []} | 422 unknown-group appliesTo.groups: policy blue/q names group blue/app, which does not exist; create it first, or in the same apply
          {kind: Policy, name: q, tier: default, rules: [{direction: in, action: deny}, {direction: in, action: deny, peers: [{cidr: 10.0.0.0/8}, {group: red/app}]}]} | 422 unknown-group rules[1].peers[1].group: policy q names group red/app, which does not exist; create it first, or in the same apply
          {kind: Endpoint, universe: blue, name: web3, addresses: [10.0.0.1]} | 409 address-taken addresses: endpoint blue/web3 cannot have address 10.0.0.1, which endpoint blue/web1 has; choose another, or leave addresses out to have some assigned
          {kind: Endpoint, universe: blue, name: web3, addresses: [10.0.0.4]} | 422 address-outside addresses: endpoint blue/web3 cannot have address 10.0.0.4: the prefixes of its universe are 10.0.0.0/30 and fd00:7::/64; choose an address in one of them
          {kind: Endpoint, universe: blue, name: web3, mac: "02:00:00:00:00:01"} | 409 mac-taken mac: endpoint blue/web3 cannot have MAC 02:00:00:00:00:01, which endpoint blue/web1 has; choose another, or leave it out to have one assigned
          {kind: Endpoint, universe: blue, name: web3, mac: "0e:00:00:00:00:01"} | 422 mac-reserved mac: endpoint blue/web3 cannot have MAC 0e:00:00:00:00:01, which is the router's; choose another, or leave it out to have one assigned
          {kind: Endpoint, universe: red, name: web3, id: 00000000-0000-4000-8000-000000000001} | 409 id-taken id: endpoint red/web3 cannot have id 00000000-0000-4000-8000-000000000001, which endpoint blue/web1 has; choose another, or leave it out to have one assigned
          {kind: Endpoint, universe: blue, name: web2, publicAddresses: [{public: 203.0.113.1, private: 10.0.0.2}]} | 409 public-address-taken publicAddresses: endpoint blue/web2 cannot have public address 203.0.113.1, which endpoint blue/web1 has; choose another
          {kind: Endpoint, universe: blue, name: web2, publicAddresses: [{public: 203.0.113.129, private: 10.0.0.2}]} | 422 public-address-outside publicAddresses: endpoint blue/web2 cannot have public address 203.0.113.129, which no pool offers; choose one inside a pool's prefixes and outside its shared ones
          {kind: Endpoint, universe: blue, name: web2, publicAddresses: [{public: 203.0.113.2, private: 10.0.0.3}]} | 422 private-address-missing publicAddresses: 10.0.0.3 is not an address of endpoint blue/web2; give a public address to one of its own addresses
          {kind: Endpoint, universe: red, name: web2, publicAddresses: [{public: 203.0.113.2, private: 10.0.0.0}]} | 422 needs-internet publicAddresses: endpoint red/web2 has public addresses, for which its universe needs internet: shared
          {kind: Universe, name: blue, prefixes: [10.0.0.0/31, "fd00:7::/64"], internet: shared} | 409 prefix-in-use prefixes: endpoint blue/web2 has address 10.0.0.2, which the new prefixes of universe blue leave out; keep its prefix, or move or delete the endpoint in the same call
          {kind: Universe, name: blue, prefixes: ["fd00:7::/64"], internet: shared} | 409 prefix-in-use prefixes: endpoint blue/web1 has address 10.0.0.1, which the new prefixes of universe blue leave out; keep its prefix, or move or delete the endpoint in the same call
          {kind: Universe, name: blue, prefixes: [10.0.0.0/30]} | 409 internet-in-use internet: endpoint blue/web1 has public addresses, for which universe blue needs internet: shared; take them away first, or in the same call
          {kind: Universe, name: green, prefixes: [169.0.0.0/8]} | 422 prefix-reserved prefixes: prefix 169.0.0.0/8 of universe green overlaps 169.254.0.0/16, which is reserved; choose another
          {kind: Universe, name: blue, delete: true} | 409 universe-in-use -: universe blue is still used by endpoint blue/web1, endpoint blue/web2, policy blue/p and 3 more; delete them first, or in the same call
          {kind: Universe, name: red, delete: true} | 409 universe-in-use -: universe red is still used by policy guard; delete them first, or in the same call
          {kind: Universe, name: green, delete: true} | 404 not-found -: there is no universe green
          {kind: SecurityGroup, universe: blue, name: web, delete: true} | 409 group-in-use -: group blue/web is still used by endpoint blue/web1, endpoint blue/web2 and policy blue/p; change or delete them first, or in the same call
          {kind: SecurityGroup, universe: blue, name: db, delete: true} | 409 group-in-use -: group blue/db is still used by policy blue/p; change or delete them first, or in the same call
          {kind: Pool, name: more, prefixes: [203.0.113.64/26]} | 409 pool-overlaps prefixes: prefix 203.0.113.64/26 of pool more overlaps 203.0.113.0/24 of pool public; an address belongs to one pool
          {kind: Pool, name: public, delete: true} | 409 pool-in-use -: endpoint blue/web1 has public address 203.0.113.1 out of pool public; take it away first, or in the same call
          {kind: Pool, name: public, prefixes: [203.0.113.0/24], shared: [203.0.113.0/28]} | 409 pool-in-use -: endpoint blue/web1 has public address 203.0.113.1 out of pool public; take it away first, or in the same call
          {kind: Host, name: h3, underlay: 172.31.0.1, datapathId: "0000000000000003"} | 409 underlay-taken underlay: host h3 cannot have underlay address 172.31.0.1, which host h1 has; give each host its own, or delete the other host first
          {kind: Host, name: h3, underlay: 172.31.0.3, datapathId: "0000000000000001"} | 409 datapath-taken datapathId: host h3 cannot have datapath id 0000000000000001, which host h1 has; give each bridge its own, or delete the other host first
          {kind: Host, name: h3, underlay: "fd00::1", datapathId: "0000000000000003"} | 422 underlay-not-ipv4 underlay: host h3 has underlay address fd00::1, and tunnels run over IPv4 only for now; give it an IPv4 address
          {kind: Host, name: h3, underlay: 224.0.0.1, datapathId: "0000000000000003"} | 422 underlay-unusable underlay: 224.0.0.1 is not an address that host h3 can have; give its own unicast address
          """)
  void whatADocumentCannotSay(String document, String expected) {
    assertThat(line(fabric.refuse("---\n" + document))).isEqualTo(expected);
  }

  @Test
  void aUniverseOutOfAddressesSaysSo() {
    fabric.apply(
        """
        {kind: Endpoint, universe: red, name: a}
        ---
        {kind: Endpoint, universe: red, name: b}
        ---
        {kind: Endpoint, universe: red, name: c}
        ---
        {kind: Endpoint, universe: red, name: d}
        """);
    assertThat(line(fabric.refuse("{kind: Endpoint, universe: red, name: e}")))
        .isEqualTo(
            "409 addresses-exhausted addresses: no address is left for endpoint red/e in 10.0.0.0/30; add a prefix to the universe");
  }

  @Test
  void aFabricOutOfUniverseNumbersSaysSo() {
    List<Change> changes = new ArrayList<>();
    int first = UniverseNumber.NUMBER_MIN + fabric.image().universes().size();
    for (int number = first; number <= UniverseNumber.NUMBER_MAX; number++) {
      changes.add(new Change.UniverseNumberRested(new UniverseNumber(number)));
    }
    Image full = fabric.image().apply(changes, fabric.image().revision().next());
    Command command = Fabric.batch("{kind: Universe, name: green, prefixes: [10.0.0.0/8]}");
    Decision decision = Decider.decide(full, command, new SeededIds(1));
    assertThat(line(((Decision.Refused) decision).refusal()))
        .isEqualTo(
            "503 numbers-exhausted -: universe green needs a number, and all 65264 numbers of universes are in use or rest; delete what is not needed and wait until every host has applied it");
  }

  @Test
  void aConditionThatDoesNotHoldSaysWhatIsThere() {
    GroupRef web = GroupRef.of("blue", "web");
    Command stale = new Command.Delete(web, new Precondition.At(new Revision(7)));
    assertThat(line(fabric.refuse(stale)))
        .isEqualTo(
            "412 revision-differs -: group blue/web is at revision 1, and the condition was revision 7; read it again and decide anew");
    Command absent = new Command.Delete(GroupRef.of("blue", "no"), new Precondition.Existing());
    assertThat(line(fabric.refuse(absent)))
        .isEqualTo(
            "412 revision-differs -: group blue/no does not exist, and the condition was any revision; read it again and decide anew");
    Command fresh = new Command.Delete(web, new Precondition.Absent());
    assertThat(line(fabric.refuse(fresh)))
        .isEqualTo(
            "412 revision-differs -: group blue/web is at revision 1, and the condition was that it does not exist; read it again and decide anew");
    GroupRef spare = GroupRef.of("blue", "spare");
    Revision current = fabric.image().object(spare).orElseThrow().revision();
    fabric.commit(new Command.Delete(spare, new Precondition.At(current)));
  }

  @Test
  void aBatchIsBoundedAndNamesEachObjectOnce() {
    Edit edit = new Edit.Delete(new UniverseName("blue"));
    Decision twice = fabric.decide(new Command.Batch(List.of(edit, edit)));
    assertThat(twice)
        .isEqualTo(
            new Decision.Refused(
                new Refusal.DuplicateName(new UniverseName("blue")), OptionalInt.of(1)));
    assertThat(line(((Decision.Refused) twice).refusal()))
        .isEqualTo(
            "422 duplicate-name -: universe blue is in this call twice; keep one of the two documents");
    List<Edit> many = Collections.nCopies(Command.Batch.EDITS_MAX + 1, edit);
    assertThat(line(fabric.refuse(new Command.Batch(many))))
        .isEqualTo(
            "422 too-many -: at most 20000 documents go into one call, and this one has 20001; split it");
  }

  @Test
  void aRefusedBatchNamesTheEditAndChangesNothing() {
    Decision decision =
        fabric.decide(
            Fabric.batch(
                """
                {kind: SecurityGroup, universe: blue, name: fine}
                ---
                {kind: Endpoint, universe: blue, name: web3, groups: [app]}
                """));
    assertThat(((Decision.Refused) decision).edit()).hasValue(1);
    assertThat(fabric.image().groups()).doesNotContainKey(GroupRef.of("blue", "fine"));
  }

  @Test
  void twoEndpointsOfOneBatchCannotShareAnything() {
    String pair =
        "[{kind: Endpoint, universe: blue, name: a, %1$s}, {kind: Endpoint, universe: blue, name: b, %1$s}]";
    assertThat(fabric.refuse(pair.formatted("addresses: [10.0.0.3]")).type())
        .isEqualTo("address-taken");
    assertThat(fabric.refuse(pair.formatted("mac: \"02:00:00:00:00:09\"")).type())
        .isEqualTo("mac-taken");
    String id = "id: 00000000-0000-4000-8000-000000000009";
    assertThat(fabric.refuse(pair.formatted(id)).type()).isEqualTo("id-taken");
  }

  @Test
  void bindingsThatCannotBeSayWhy() {
    HostName h1 = new HostName("h1");
    HostName h2 = new HostName("h2");
    UUID web1 = UUID.fromString("00000000-0000-4000-8000-000000000001");
    UUID web2 = UUID.fromString("00000000-0000-4000-8000-000000000002");
    Optional<Mac> none = Optional.empty();
    fabric.commit(new Command.BindEndpoint(web1, h1, 5, none));
    assertThat(line(fabric.refuse(new Command.BindEndpoint(web1, h2, 5, none))))
        .isEqualTo(
            "409 endpoint-bound -: endpoint blue/web1 is bound to port 5 of host h1; end that binding first");
    assertThat(line(fabric.refuse(new Command.BindEndpoint(web2, h1, 5, none))))
        .isEqualTo(
            "409 port-taken -: endpoint blue/web2 cannot be bound to port 5 of host h1, which endpoint blue/web1 has; end that binding first");
    Optional<Mac> other = Optional.of(Mac.parse("02:00:00:00:00:07"));
    assertThat(line(fabric.refuse(new Command.BindEndpoint(web2, h1, 6, other))))
        .isEqualTo(
            "409 mac-differs -: endpoint blue/web2 has MAC 02:00:00:00:00:02 and the interface has 02:00:00:00:00:07; make them equal");
    UUID nobody = UUID.fromString("00000000-0000-4000-8000-000000000009");
    assertThat(line(fabric.refuse(new Command.BindEndpoint(nobody, h1, 6, none))))
        .isEqualTo(
            "404 unknown-endpoint -: there is no endpoint with id 00000000-0000-4000-8000-000000000009 to bind on host h1; create it first");
    assertThat(line(fabric.refuse(new Command.BindEndpoint(web2, h1, 0xff00, none))))
        .isEqualTo(
            "422 port-unusable ofport: port 65280 of host h1 is none that an interface can have; it is 1 to 65279");
    HostName h9 = new HostName("h9");
    assertThat(line(fabric.refuse(new Command.BindEndpoint(web2, h9, 6, none))))
        .isEqualTo("404 not-found -: there is no host h9");
    assertThat(fabric.refuse(new Command.SetBindings(h9, List.of(), true)).type())
        .isEqualTo("not-found");
    Attachment low = new Attachment(web2, 0, none);
    assertThat(fabric.refuse(new Command.SetBindings(h1, List.of(low), true)).type())
        .isEqualTo("port-unusable");
    List<Attachment> many = Collections.nCopies(Command.SetBindings.ATTACHMENTS_MAX + 1, low);
    assertThat(line(fabric.refuse(new Command.SetBindings(h1, many, true))))
        .isEqualTo(
            "422 too-many -: at most 10000 bindings go into one call, and this one has 10001; split it");
    assertThat(fabric.image().bindingOf(EndpointRef.of("blue", "web1"))).isPresent();
  }
}
