package io.fynbos.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fynbos.openflow.session.SessionEnded;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What switches hold: on connecting, after changes, and in which order of hosts. */
class FleetTest extends RunningFleet {
  private static FlowEntry flow(int table, int priority, long cookie) {
    return FlowEntry.of(table, priority, Match.builder().build(), cookie, List.of());
  }

  @Test
  void anOrderToRevalidateNamesTheUniversesThatTheHostHas() {
    UniverseNumber blue = fabric.image().number(new UniverseName("blue"));
    agent(H1);
    connect(H1);
    assertThat(fleet.orders().of(H1).revalidate().orElseThrow().universes()).containsExactly(blue);
    publish(new Command.SetBindings(H1, List.of(), true));
    awaitInstalled(H1);
    assertThat(fleet.orders().of(H1).revalidate().orElseThrow().universes()).isEmpty();
  }

  @Test
  void whatARuleCountedIsReadBeforeItsFlowsGo() {
    agent(H2);
    FakeSwitch two = connect(H2);
    FlowEntry flow =
        two.held().values().stream()
            .filter(held -> RuleCounts.counting(held.cookie()))
            .findFirst()
            .orElseThrow();
    two.hit(flow.key(), 3);
    counts.taken.clear();
    publish("{kind: Policy, universe: blue, name: web-to-db, tier: universe, delete: true}");
    awaitInstalled(H2);
    assertThat(counts.taken)
        .anySatisfy(
            flows -> {
              assertThat(flows).extracting(FlowStats::packets).contains(3L);
              assertThat(flows).allMatch(stats -> stats.flow().cookie() == flow.cookie());
            });
  }

  // --- connecting -------------------------------------------------------------------------------

  @Test
  void anEmptySwitchGetsEverythingInOneBundle() {
    FakeSwitch one = connect(H1);
    assertThat(one.held()).isEqualTo(wanted(H1)).isNotEmpty();
    assertThat(one.bundles()).hasSize(1);
  }

  @Test
  void anUnchangedSwitchGetsNothing() {
    FakeSwitch before = connect(H1);
    FakeSwitch again = before.reconnected();
    fleet.disconnected(before, new SessionEnded("gone"));
    await().until(() -> !status(H1).connected());
    fleet.connected(again);
    awaitInstalled(H1);
    assertThat(again.bundles()).isEmpty();
    assertThat(again.held()).isEqualTo(wanted(H1));
  }

  @Test
  void aSwitchThatWasAwayGetsTheDifferenceOnly() {
    FakeSwitch before = connect(H2);
    fleet.disconnected(before, new SessionEnded("gone"));
    publish("{kind: Policy, universe: blue, name: web-to-db, delete: true}");
    FakeSwitch again = before.reconnected();
    fleet.connected(again);
    awaitInstalled(H2);
    assertThat(again.held()).isEqualTo(wanted(H2));
    assertThat(again.bundles()).hasSize(1);
    assertThat(again.bundles().get(0)).hasSizeLessThan(10);
  }

  @Test
  void foreignFlowsInOurTablesGoAndOthersStay() {
    FakeSwitch one = new FakeSwitch(1);
    FlowEntry foreign = flow(12, 7, 0);
    FlowEntry stale = flow(12, 8, 0x0100_0000_0000_0000L);
    FlowEntry agents = flow(12, 9, 0x0200_0000_0000_0000L);
    FlowEntry agentsTable = flow(60, 9, 0x0200_0000_0000_0001L);
    FlowEntry elsewhere = flow(200, 7, 0);
    List.of(foreign, stale, agents, agentsTable, elsewhere).forEach(one::put);
    fleet.connected(one);
    awaitInstalled(H1);
    assertThat(one.held().values())
        .contains(agents, agentsTable, elsewhere)
        .doesNotContain(foreign, stale);
  }

  @Test
  void anUnknownSwitchWaitsUntilItsHostIsRegistered() {
    FakeSwitch stranger = new FakeSwitch(3);
    fleet.connected(stranger);
    publish("{kind: Host, name: h3, underlay: 172.31.0.3, datapathId: \"0000000000000003\"}");
    awaitInstalled(new HostName("h3"));
    assertThat(stranger.open()).isTrue();
    assertThat(stranger.held()).isEqualTo(wanted(new HostName("h3")));
  }

  @Test
  void aHostThatMovesToAnotherSwitchLetsTheOldOneGo() {
    FakeSwitch old = connect(H1);
    FakeSwitch next = new FakeSwitch(9);
    fleet.connected(next);
    publish("{kind: Host, name: h1, underlay: 172.31.0.1, datapathId: \"0000000000000009\"}");
    awaitInstalled(H1);
    int bundles = old.bundles().size();
    publish("{kind: SecurityGroup, universe: blue, name: other}");
    awaitInstalled(H1);
    assertThat(next.held()).isEqualTo(wanted(H1));
    assertThat(old.bundles()).hasSize(bundles);
  }

  @Test
  void aSecondSessionOfTheSameSwitchTakesThePlaceOfTheFirst() {
    FakeSwitch first = connect(H1);
    FakeSwitch second = first.reconnected();
    fleet.connected(second);
    await().until(() -> !first.open());
    fleet.disconnected(first, new SessionEnded("replaced"));
    publish("{kind: Policy, universe: blue, name: web-to-db, delete: true}");
    awaitInstalled(H1);
    assertThat(second.held()).isEqualTo(wanted(H1));
  }

  // --- changes ----------------------------------------------------------------------------------

  @Test
  void aRuleReachesOnlyTheHostThatItAppliesTo() {
    FakeSwitch one = connect(H1);
    FakeSwitch two = connect(H2);
    publish("{kind: Policy, universe: blue, name: web-to-db, delete: true}");
    awaitInstalled(H1);
    awaitInstalled(H2);
    assertThat(one.bundles()).hasSize(1);
    assertThat(two.bundles()).hasSize(2);
    assertThat(two.held()).isEqualTo(wanted(H2));
  }

  @Test
  void changesThatComeWhileABundleIsUnderWayGoTogether() {
    FakeSwitch two = connect(H2);
    two.hold();
    for (int i = 0; i < 10; i++) {
      publish(
          """
          {kind: Policy, universe: blue, name: p%d, tier: universe, appliesTo: {groups: [db]},
           rules: [{direction: in, action: allow, services: [{protocol: tcp, ports: ["%d"]}]}]}
          """
              .formatted(i, 1000 + i));
      await().until(() -> two.bundles().size() == 2);
    }
    two.letGo();
    awaitInstalled(H2);
    assertThat(two.bundles()).hasSize(3);
    assertThat(two.held()).isEqualTo(wanted(H2));
  }

  @Test
  void aRefusedFlowIsNamedWithItsPolicyAndTriedAgain() {
    FakeSwitch two = connect(H2);
    two.refuse(mod -> mod instanceof Mod.FlowAdd add && add.toString().contains("ct_tp_dst=77"));
    publish(
        """
        {kind: Policy, universe: blue, name: bad, tier: universe, appliesTo: {groups: [db]},
         rules: [{direction: in, action: allow, services: [{protocol: tcp, ports: ["77"]}]}]}
        """);
    await().until(() -> status(H2).fault().isPresent());
    assertThat(status(H2).fault().orElseThrow())
        .startsWith("the switch refuses rule 0 of policy blue/bad: error type=2 code=0 for ");
    two.refuse(mod -> false);
    awaitInstalled(H2);
    await().until(() -> status(H2).fault().isEmpty());
    assertThat(two.held()).isEqualTo(wanted(H2));
  }

  @Test
  void driftIsFoundAndRepairedAtTheNextReadBack() {
    restart(Duration.ofMillis(50), NEVER);
    FakeSwitch one = connect(H1);
    one.remove(one.held().firstKey());
    one.put(flow(12, 7, 0));
    await().until(() -> one.held().equals(wanted(H1)));
  }

  // --- the order of hosts -----------------------------------------------------------------------

  private static final String MOVED =
      "{kind: Endpoint, universe: blue, name: web1, groups: [db, web]}";

  private Identity newIdentity() {
    return fabric.image().identity(EndpointRef.of("blue", "web1"));
  }

  private boolean knows(FakeSwitch host, Identity identity) {
    return host.held().values().stream()
        .anyMatch(flow -> flow.toString().contains("tun_id=0x%x".formatted(identity.number())));
  }

  @Test
  void receiversLearnAnIdentityBeforeSendersUseIt() {
    FakeSwitch sender = connect(H1);
    FakeSwitch receiver = connect(H2);
    receiver.hold();
    publish(MOVED);
    Identity identity = newIdentity();
    await().until(() -> receiver.bundles().size() == 2);
    assertThat(uses(sender, identity)).isFalse();
    receiver.letGo();
    awaitInstalled(H1);
    awaitInstalled(H2);
    assertThat(uses(sender, identity)).isTrue();
    assertThat(knows(receiver, identity)).isTrue();
    assertThat(sender.held()).isEqualTo(wanted(H1));
    assertThat(receiver.held()).isEqualTo(wanted(H2));
  }

  /** Whether a switch gives the identity to what its guests send. */
  private static boolean uses(FakeSwitch host, Identity identity) {
    String load = "0x%x->reg0".formatted(identity.number());
    return host.held().values().stream()
        .anyMatch(flow -> flow.table() == 0 && flow.toString().contains(load));
  }

  @Test
  void aReceiverThatDoesNotAnswerHoldsSendersUpForAWhileOnly() {
    restart(NEVER, Duration.ofMillis(100));
    FakeSwitch sender = connect(H1);
    FakeSwitch receiver = connect(H2);
    receiver.hold();
    publish(MOVED);
    awaitInstalled(H1);
    assertThat(uses(sender, newIdentity())).isTrue();
    receiver.letGo();
    awaitInstalled(H2);
    assertThat(receiver.held()).isEqualTo(wanted(H2));
  }

  @Test
  void changesThatComeDuringAStepAreNotLost() {
    FakeSwitch sender = connect(H1);
    FakeSwitch receiver = connect(H2);
    receiver.hold();
    publish(MOVED);
    publish("{kind: Policy, universe: blue, name: web-to-db, delete: true}");
    publish("{kind: Endpoint, universe: blue, name: web1, groups: [web]}");
    receiver.letGo();
    awaitInstalled(H1);
    awaitInstalled(H2);
    assertThat(sender.held()).isEqualTo(wanted(H1));
    assertThat(receiver.held()).isEqualTo(wanted(H2));
  }
}
