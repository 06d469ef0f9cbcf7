package io.fynbos.controller.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.core.Publication;
import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.store.Commit;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.Match;
import io.fynbos.policy.Fabric;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.PolicyRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HitCountersTest {
  private static final HostName H1 = new HostName("h1");
  private static final HostName H2 = new HostName("h2");
  private static final PolicyRef POLICY = PolicyRef.of("blue", "p");
  private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
  private static final String FIRST = "{direction: in, action: allow}";
  private static final String SECOND = "{direction: out, action: deny}";

  private final Fabric fabric =
      Fabric.of("{kind: Universe, name: blue, prefixes: [10.0.0.0/16]}\n---\n" + policy(FIRST));
  private final RuleNames names = new RuleNames(fabric.image());
  private final HitCounters hits = new HitCounters(names, () -> NOW);

  private static String policy(String rules) {
    return "{kind: Policy, universe: blue, name: p, tier: universe, rules: [" + rules + "]}";
  }

  private void publish(String documents) {
    Image before = fabric.image();
    List<Change> changes = fabric.commit(Fabric.batch(documents));
    Image after = fabric.image();
    Publication publication =
        new Publication(before, after, List.of(new Commit(after.revision(), changes)));
    names.published(publication);
    hits.published(publication);
  }

  private FlowStats flow(int rule, int priority, long packets, int ageSeconds) {
    return flow(Cookie.Kind.RULE, rule, priority, packets, ageSeconds);
  }

  private FlowStats flow(Cookie.Kind kind, int rule, int priority, long packets, int ageSeconds) {
    long number = (long) fabric.image().number(POLICY).number() << 10 | rule;
    long cookie = new Cookie(kind, number).value();
    FlowEntry flow = FlowEntry.of(31, priority, Match.builder().build(), cookie, List.of());
    return new FlowStats(
        flow, packets, packets * 100, Duration.ofSeconds(ageSeconds), Duration.ofSeconds(3));
  }

  private void observe(HostName host, FlowStats... flows) {
    hits.observe(host, fabric.image(), List.of(flows), true);
  }

  private long packets(int rule) {
    return hits.of(fabric.image(), POLICY).get(rule).packets();
  }

  @Test
  void flowsOfARuleAddUpOverHosts() {
    observe(H1, flow(0, 1, 5, 10), flow(0, 2, 7, 10));
    observe(H2, flow(0, 1, 100, 10));
    observe(H1, flow(0, 1, 6, 20), flow(0, 2, 7, 20));
    Hits counted = hits.of(fabric.image(), POLICY).get(0);
    assertThat(counted.packets()).isEqualTo(113);
    assertThat(counted.bytes()).isEqualTo(11_300);
    assertThat(counted.last()).contains(NOW.minusSeconds(3));
    assertThat(hits.total().packets()).isEqualTo(113);
  }

  @Test
  void whatARuleOnTrialWouldChangeIsCountedApart() {
    observe(H1, flow(Cookie.Kind.AUDIT_DIFFERS, 0, 1, 5, 10), flow(0, 2, 7, 10));
    Hits counted = hits.of(fabric.image(), POLICY).get(0);
    assertThat(counted.packets()).isEqualTo(7);
    assertThat(counted.differs()).isEqualTo(5);
    assertThat(counted.differsBytes()).isEqualTo(500);
  }

  @Test
  void aFlowThatBeginsAnewAddsToWhatWasCounted() {
    observe(H1, flow(0, 1, 50, 100));
    observe(H1, flow(0, 1, 3, 1));
    assertThat(packets(0)).isEqualTo(53);
    observe(H1, flow(0, 1, 80, 2));
    assertThat(packets(0)).as("it went on").isEqualTo(130);
    observe(H1, flow(0, 1, 90, 0));
    assertThat(packets(0)).as("a younger flow, though it has counted more").isEqualTo(130 + 10);
    observe(H1, flow(0, 1, 95, 100));
    observe(H1, flow(0, 1, 97, 1));
    assertThat(packets(0)).isEqualTo(145 + 97);
  }

  @Test
  void aFlowThatWasAwayBeginsAnew() {
    observe(H1, flow(0, 1, 50, 100));
    observe(H1);
    observe(H1, flow(0, 1, 60, 200));
    assertThat(packets(0)).isEqualTo(110);
  }

  @Test
  void someFlowsReadBeforeAChangeLeaveTheOthersAlone() {
    observe(H1, flow(0, 1, 50, 100), flow(0, 2, 9, 100));
    hits.observe(H1, fabric.image(), List.of(flow(0, 1, 55, 101)), false);
    observe(H1, flow(0, 2, 10, 102));
    assertThat(packets(0)).isEqualTo(65);
  }

  @Test
  void theCountGoesWithTheRuleWhereverItStands() {
    observe(H1, flow(0, 1, 50, 100));
    publish(policy(SECOND + ", " + FIRST));
    assertThat(packets(0)).isZero();
    assertThat(packets(1)).isEqualTo(50);
    publish(policy(SECOND));
    publish(policy(FIRST));
    assertThat(packets(0)).as("a rule that went and came back").isZero();
  }

  @Test
  void aPolicyThatIsGoneLeavesNothingToTheNextOfItsName() {
    observe(H1, flow(0, 1, 50, 100));
    publish("{kind: Policy, universe: blue, name: p, tier: universe, delete: true}");
    assertThat(hits.of(fabric.image(), POLICY)).isEmpty();
    publish(policy(FIRST));
    assertThat(packets(0)).isZero();
  }

  @Test
  void whatASwitchTellsLateOfAPolicyThatIsGoneIsOnlyInTheTotal() {
    Image before = fabric.image();
    FlowStats late = flow(0, 1, 50, 100);
    publish("{kind: Policy, universe: blue, name: p, tier: universe, delete: true}");
    hits.observe(H1, before, List.of(late), false);
    assertThat(hits.total().packets()).isEqualTo(50);
    publish(policy(FIRST));
    assertThat(packets(0)).isZero();
  }
}
