package io.fynbos.policy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.Fabric;
import io.fynbos.policy.RandomImages;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.PolicyNumber;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeciderTest {
  private static final String BLUE =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/24, "fd00:7::/64"]}
      ---
      {kind: SecurityGroup, universe: blue, name: web}
      ---
      {kind: SecurityGroup, universe: blue, name: db}
      ---
      {kind: Endpoint, universe: blue, name: web1, groups: [web]}
      ---
      {kind: Endpoint, universe: blue, name: db1, groups: [db]}
      ---
      {kind: Policy, universe: blue, name: p, tier: universe,
       rules: [{direction: in, action: allow, peers: [{group: web}]}]}
      ---
      {kind: Host, name: h1, underlay: 172.31.0.1, datapathId: "0000000000000001"}
      ---
      {kind: Host, name: h2, underlay: 172.31.0.2, datapathId: "0000000000000002"}
      """;
  private static final EndpointRef WEB1 = EndpointRef.of("blue", "web1");
  private static final EndpointRef DB1 = EndpointRef.of("blue", "db1");
  private static final HostName H1 = new HostName("h1");
  private static final HostName H2 = new HostName("h2");

  private final Fabric fabric = Fabric.of(BLUE);

  private Endpoint endpoint(EndpointRef ref) {
    return fabric.image().endpoint(ref).orElseThrow();
  }

  private UUID id(EndpointRef ref) {
    return endpoint(ref).id();
  }

  @Test
  void absentFieldsAreAssignedAndKept() {
    Endpoint web1 = endpoint(WEB1);
    assertThat(web1.addresses())
        .containsExactly(IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00:7::1"));
    assertThat(endpoint(DB1).addresses())
        .containsExactly(IpAddress.parse("10.0.0.0"), IpAddress.parse("fd00:7::"));
    fabric.apply("{kind: Endpoint, universe: blue, name: web1, groups: [db]}");
    assertThat(endpoint(WEB1))
        .isEqualTo(
            new Endpoint(
                WEB1, web1.id(), web1.mac(), web1.addresses(), endpoint(DB1).groups(), List.of()));
  }

  @Test
  void theLowestFreeAddressIsAssigned() {
    fabric.apply(
        """
        {kind: Endpoint, universe: blue, name: a, addresses: [10.0.0.3]}
        ---
        {kind: Endpoint, universe: blue, name: b}
        ---
        {kind: Endpoint, universe: blue, name: c}
        """);
    assertThat(endpoint(EndpointRef.of("blue", "b")).addresses().get(0)).hasToString("10.0.0.2");
    assertThat(endpoint(EndpointRef.of("blue", "c")).addresses().get(0)).hasToString("10.0.0.4");
    fabric.apply("{kind: Endpoint, universe: blue, name: db1, delete: true}");
    fabric.apply("{kind: Endpoint, universe: blue, name: d}");
    assertThat(endpoint(EndpointRef.of("blue", "d")).addresses().get(0)).hasToString("10.0.0.0");
  }

  @Test
  void puttingWhatIsThereChangesNothing() {
    Image before = fabric.image();
    assertThat(fabric.commit(Fabric.batch(BLUE))).isEmpty();
    Edit edit = new Edit.Put(endpoint(WEB1).document());
    assertThat(fabric.commit(new Command.Batch(List.of(edit)))).isEmpty();
    assertThat(fabric.image()).isEqualTo(before.at(fabric.image().revision()));
  }

  @Test
  void theOrderInsideABatchMeansNothing() {
    List<Edit> edits = ((Command.Batch) Fabric.batch(BLUE)).edits();
    Image expected = fabric.image();
    for (long seed = 1; seed <= 50; seed++) {
      List<Edit> shuffled = new ArrayList<>(edits);
      Collections.shuffle(shuffled, new Random(seed));
      Fabric other = new Fabric();
      other.commit(new Command.Batch(shuffled));
      assertThat(other.image()).as("seed %d", seed).isEqualTo(expected);
      Collections.shuffle(shuffled, new Random(seed + 1000));
      other.commit(Command.Batch.deleting(shuffled));
      assertThat(other.image().universes()).isEmpty();
      assertThat(other.image().restingIdentities()).hasSize(2);
    }
  }

  @Test
  void aBatchMayExchangeAddressesAndIds() {
    Endpoint web1 = endpoint(WEB1);
    Endpoint db1 = endpoint(DB1);
    String text =
        "[{kind: Endpoint, universe: blue, name: web1, addresses: [%s], id: %s, mac: \"%s\"},"
            + " {kind: Endpoint, universe: blue, name: db1, addresses: [%s], id: %s, mac: \"%s\"}]";
    fabric.apply(
        text.formatted(
            db1.addresses().get(0),
            db1.id(),
            db1.mac(),
            web1.addresses().get(0),
            web1.id(),
            web1.mac()));
    assertThat(fabric.image().endpointById(web1.id())).contains(endpoint(DB1));
    assertThat(fabric.image().endpointAt(new UniverseName("blue"), web1.addresses().get(0)))
        .contains(endpoint(DB1));
    assertThat(fabric.image().endpointWith(new UniverseName("blue"), db1.mac()))
        .contains(endpoint(WEB1));
  }

  @Test
  void aBatchMayTakeAGroupAwayTogetherWithItsUsers() {
    fabric.apply(
        """
        {kind: SecurityGroup, universe: blue, name: web, delete: true}
        ---
        {kind: Endpoint, universe: blue, name: web1, groups: [db]}
        ---
        {kind: Policy, universe: blue, name: p, delete: true}
        """);
    assertThat(fabric.image().groups()).containsOnlyKeys(GroupRef.of("blue", "db"));
  }

  @Test
  void aBatchMayRenumberAUniverse() {
    fabric.apply(
        """
        {kind: Universe, name: blue, prefixes: [10.1.0.0/24]}
        ---
        {kind: Endpoint, universe: blue, name: web1, addresses: [10.1.0.7], groups: [web]}
        ---
        {kind: Endpoint, universe: blue, name: db1, addresses: [10.1.0.8], groups: [db]}
        """);
    assertThat(endpoint(WEB1).addresses()).hasToString("[10.1.0.7]");
  }

  @Test
  void endpointsWithTheSameGroupsShareAnIdentity() {
    fabric.apply("{kind: Endpoint, universe: blue, name: web2, groups: [web]}");
    Identity web = fabric.image().identity(WEB1);
    assertThat(fabric.image().identity(EndpointRef.of("blue", "web2"))).isEqualTo(web);
    assertThat(fabric.image().identity(DB1)).isNotEqualTo(web);
    assertThat(web.number()).isGreaterThanOrEqualTo(Identity.NUMBER_MIN);
  }

  @Test
  void anIdentityRestsAndIsWokenByTheSameGroupsOnly() {
    Identity db = fabric.image().identity(DB1);
    fabric.apply("{kind: Endpoint, universe: blue, name: db1, delete: true}");
    Revision retired = fabric.image().revision();
    assertThat(fabric.image().restingIdentities()).containsOnlyKeys(db).containsValue(retired);
    assertThat(fabric.image().identitiesWith(GroupRef.of("blue", "db"))).containsExactly(db);
    fabric.apply("{kind: Endpoint, universe: blue, name: other}");
    assertThat(fabric.image().identity(EndpointRef.of("blue", "other"))).isNotEqualTo(db);
    List<Change> woken =
        fabric.commit(Fabric.batch("{kind: Endpoint, universe: blue, name: db2, groups: [db]}"));
    assertThat(woken).hasAtLeastOneElementOfType(Change.IdentityAdded.class);
    assertThat(fabric.image().identity(EndpointRef.of("blue", "db2"))).isEqualTo(db);
    assertThat(fabric.image().restingIdentities()).isEmpty();
  }

  @Test
  void numbersAreReleasedOnlyOnceTheirRevisionIsApplied() {
    UniverseNumber number = fabric.image().number(new UniverseName("blue"));
    PolicyNumber policy = fabric.image().number(PolicyRef.of("blue", "p"));
    fabric.commit(Command.Batch.deleting(((Command.Batch) Fabric.batch(BLUE)).edits()));
    Revision deleted = fabric.image().revision();
    assertThat(fabric.commit(new Command.ReleaseNumbers(new Revision(deleted.number() - 1))))
        .isEmpty();
    fabric.apply(BLUE);
    assertThat(fabric.image().number(new UniverseName("blue"))).isNotEqualTo(number);
    assertThat(fabric.image().number(PolicyRef.of("blue", "p"))).isNotEqualTo(policy);
    assertThat(fabric.image().identitiesOf(new UniverseName("blue"))).hasSize(2);
    List<Change> released = fabric.commit(new Command.ReleaseNumbers(deleted));
    assertThat(released)
        .hasSize(4)
        .contains(
            new Change.UniverseNumberReleased(number), new Change.PolicyNumberReleased(policy));
    assertThat(fabric.image().identities()).hasSize(2);
    assertThat(fabric.image().lowestFreeUniverseNumber()).contains(number);
  }

  @Test
  void bindingsOfAHostAreSetAsAWhole() {
    Optional<Mac> none = Optional.empty();
    UUID stranger = UUID.fromString("00000000-0000-4000-8000-000000000009");
    Attachment web1 = new Attachment(id(WEB1), 5, none);
    Attachment db1 = new Attachment(id(DB1), 6, none);
    Attachment unknown = new Attachment(stranger, 7, none);
    fabric.commit(new Command.SetBindings(H1, List.of(unknown, web1, db1), true));
    assertThat(fabric.image().bindingsOn(H1)).extracting(Binding::ofport).containsExactly(6, 5);
    assertThat(fabric.image().hostsWith(new UniverseName("blue"))).containsExactly(H1);
    List<Change> again = fabric.commit(new Command.SetBindings(H1, List.of(db1, web1), true));
    assertThat(again).isEmpty();
    fabric.commit(new Command.SetBindings(H1, List.of(), false));
    assertThat(fabric.image().bindingsOn(H1)).hasSize(2);
    fabric.commit(new Command.SetBindings(H1, List.of(db1), true));
    assertThat(fabric.image().bindingOf(WEB1)).isEmpty();
    fabric.commit(new Command.UnbindEndpoint(id(DB1), H1));
    assertThat(fabric.image().bindings()).isEmpty();
    assertThat(fabric.commit(new Command.UnbindEndpoint(id(DB1), H1))).isEmpty();
  }

  @Test
  void theFirstBindingStays() {
    Optional<Mac> none = Optional.empty();
    Attachment web1 = new Attachment(id(WEB1), 5, none);
    Attachment twin = new Attachment(id(WEB1), 4, none);
    Attachment samePort = new Attachment(id(DB1), 5, none);
    fabric.commit(new Command.SetBindings(H1, List.of(web1), true));
    fabric.commit(new Command.SetBindings(H2, List.of(web1), true));
    assertThat(fabric.image().bindingsOn(H2)).isEmpty();
    assertThat(states(H2, List.of(web1))).containsExactly(Attachment.State.TAKEN);
    List<Attachment> rivals = List.of(twin, samePort, web1);
    assertThat(states(H1, rivals))
        .containsExactly(Attachment.State.TAKEN, Attachment.State.TAKEN, Attachment.State.BOUND);
    assertThat(fabric.commit(new Command.SetBindings(H1, rivals, true))).isEmpty();
    fabric.commit(new Command.SetBindings(H1, List.of(), true));
    fabric.commit(new Command.SetBindings(H2, List.of(web1), true));
    assertThat(fabric.image().bindingOf(WEB1).orElseThrow().host()).isEqualTo(H2);
  }

  private List<Attachment.State> states(HostName host, List<Attachment> attachments) {
    return Attachments.judge(fabric.image(), host, attachments).stream()
        .map(Attachment.Judged::state)
        .toList();
  }

  @Test
  void anInterfaceWithAnotherMacIsNotBound() {
    Attachment foreign = new Attachment(id(WEB1), 5, Optional.of(Mac.parse("02:ff:ff:ff:ff:ff")));
    Attachment own = new Attachment(id(WEB1), 5, Optional.of(endpoint(WEB1).mac()));
    assertThat(states(H1, List.of(foreign))).containsExactly(Attachment.State.MAC_DIFFERS);
    fabric.commit(new Command.SetBindings(H1, List.of(own), true));
    fabric.commit(new Command.SetBindings(H1, List.of(foreign), false));
    assertThat(fabric.image().bindings()).isEmpty();
  }

  @Test
  void aPortGivenToAnotherEndpointEndsTheOldBinding() {
    Optional<Mac> none = Optional.empty();
    fabric.commit(new Command.SetBindings(H1, List.of(new Attachment(id(WEB1), 5, none)), true));
    fabric.commit(new Command.SetBindings(H1, List.of(new Attachment(id(DB1), 5, none)), false));
    assertThat(fabric.image().bindingsOn(H1)).extracting(Binding::endpoint).containsExactly(DB1);
  }

  @Test
  void everyBindingHasAHigherGeneration() {
    Optional<Mac> none = Optional.empty();
    long last = 0;
    for (int port = 1; port < 5; port++) {
      fabric.commit(
          new Command.SetBindings(H1, List.of(new Attachment(id(WEB1), port, none)), true));
      long generation = fabric.image().bindingOf(WEB1).orElseThrow().generation();
      assertThat(generation).isGreaterThan(last);
      last = generation;
      if (port == 2) {
        fabric.commit(new Command.UnbindEndpoint(id(WEB1), H1));
      }
    }
  }

  @Test
  void bindingsGoWithTheirEndpointTheirIdOrTheirHost() {
    Optional<Mac> none = Optional.empty();
    Attachment web1 = new Attachment(id(WEB1), 5, none);
    Attachment db1 = new Attachment(id(DB1), 6, none);
    fabric.commit(new Command.SetBindings(H1, List.of(web1, db1), true));
    fabric.apply(
        "{kind: Endpoint, universe: blue, name: web1, id: 00000000-0000-4000-8000-000000000009}");
    assertThat(fabric.image().bindingOf(WEB1)).isEmpty();
    fabric.apply("{kind: Host, name: h1, delete: true}");
    assertThat(fabric.image().bindings()).isEmpty();
    fabric.commit(new Command.SetBindings(H2, List.of(db1), true));
    fabric.apply("{kind: Endpoint, universe: blue, name: db1, delete: true}");
    assertThat(fabric.image().bindings()).isEmpty();
    assertThat(fabric.image().hostsWith(new UniverseName("blue"))).isEmpty();
  }

  @Test
  void theSameCommandsAndSeedMakeTheSameImage() {
    for (long seed = 1; seed <= 3; seed++) {
      RandomImages one = new RandomImages(seed);
      RandomImages two = new RandomImages(seed);
      Image a = one.image(RandomImages.Size.SMALL);
      Image b = two.image(RandomImages.Size.SMALL);
      for (int i = 0; i < 100; i++) {
        a = one.next(a);
        b = two.next(b);
      }
      assertThat(a).isEqualTo(b);
    }
  }
}
