package io.fynbos.controller.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.LogVerdict;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.policy.RandomImages;
import io.fynbos.policy.RandomImages.Size;
import io.fynbos.policy.RandomPackets;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.verdict.Verdict;
import io.fynbos.policy.verdict.Verdict.Judgement;
import io.fynbos.policy.verdict.Verdict.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted and logged of random packets is what the oracle says of the rules about them. */
class RecordsTest {
  private static final int PACKETS = 250;

  /** What one host judges of a packet: the sender's its out, the receiver's its in. */
  private record Here(
      MiniFabric.Hop hop, List<Judgement> enforced, List<Judgement> staged, String about) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 6, 7})
  void anAuditRuleCountsThePacketsThatItWouldHaveHadJudgedOtherwise(long seed) {
    Image image = image(seed);
    int differences = 0;
    for (Here here : judged(image, seed)) {
      List<Judgement> different = new ArrayList<>();
      for (int i = 0; i < here.enforced().size(); i++) {
        if (here.enforced().get(i).action() != here.staged().get(i).action()) {
          different.add(here.staged().get(i));
        }
        if (here.enforced().get(i).action() != Action.ALLOW) {
          break;
        }
      }
      List<Walk.Step> counted = here.hop().walk().stepsIn(Table.DIFFERS);
      assertThat(counted).as(here.about()).hasSameSizeAs(different);
      for (int i = 0; i < counted.size(); i++) {
        Cookie cookie = Cookie.of(counted.get(i).flow().orElseThrow().cookie()).orElseThrow();
        assertThat(cookie.kind()).isEqualTo(Cookie.Kind.AUDIT_DIFFERS);
        assertThat(ids(image, different.get(i), step -> step.decisive() && audited(image, step)))
            .as(here.about())
            .contains(cookie.number());
        assertThat(counted.get(i).packet().number(Register.VERDICT.field()))
            .isEqualTo(
                (different.get(i).action() == Action.ALLOW
                        ? LogVerdict.WOULD_ALLOW
                        : LogVerdict.WOULD_DENY)
                    .code());
      }
      differences += counted.size();
    }
    assertThat(differences).as("seed " + seed).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void aPacketIsLoggedWhenARuleThatDecidedSaysSoOrItsUniverseLogsDenials(long seed) {
    Image image = image(seed);
    int records = 0;
    for (Here here : judged(image, seed)) {
      List<Judgement> until = new ArrayList<>();
      for (Judgement judgement : here.enforced()) {
        until.add(judgement);
        if (judgement.action() != Action.ALLOW) {
          break;
        }
      }
      Judgement last = until.get(until.size() - 1);
      boolean denied = last.action() != Action.ALLOW;
      Universe universe = image.universe(last.endpoint().universe()).orElseThrow();
      boolean must =
          (denied && universe.logDenied()) || until.stream().anyMatch(j -> mustLog(image, j));
      boolean may =
          must || until.stream().anyMatch(j -> !ids(image, j, s -> logs(image, s)).isEmpty());
      List<Walk.Step> logged = enforcedRecords(here.hop().walk());
      assertThat(logged).as(here.about()).hasSizeBetween(must ? 1 : 0, may ? 1 : 0);
      logged.forEach(record -> says(image, record, last, here.about()));
      records += logged.size();
    }
    assertThat(records).as("seed " + seed).isPositive();
  }

  /** The verdict of the last who judged, and if it denied, the rule that did. */
  private static void says(Image image, Walk.Step record, Judgement last, String about) {
    LogVerdict verdict =
        switch (last.action()) {
          case ALLOW, PASS -> LogVerdict.ALLOW;
          case DENY -> LogVerdict.DENY;
          case REJECT -> LogVerdict.REJECT;
        };
    assertThat(record.packet().number(Register.VERDICT.field())).isEqualTo(verdict.code());
    if (last.action() != Action.ALLOW && !last.byDefault()) {
      Register register =
          switch (last.direction()) {
            case IN -> Register.RULE_IN;
            case OUT -> Register.RULE_OUT;
          };
      assertThat(ids(image, last, step -> step.decisive() && step.action() == last.action()))
          .as(about)
          .contains(record.packet().value(register.field()).longValue());
    }
  }

  private static List<Walk.Step> enforcedRecords(Walk walk) {
    return walk.stepsIn(Table.LOG).stream()
        .filter(step -> step.packet().number(Register.VERDICT.field()) <= LogVerdict.REJECT.code())
        .toList();
  }

  /** First packets of connections, as each host that judges them sees them. */
  private static List<Here> judged(Image image, long seed) {
    MiniFabric fabric = new MiniFabric(image);
    RandomPackets packets = new RandomPackets(seed);
    List<Here> found = new ArrayList<>();
    for (int i = 0; i < PACKETS; i++) {
      Packet packet = packets.between(image);
      if (!fabric.attached(packet) || packet.stateless()) {
        continue;
      }
      fabric.forgetConnections();
      MiniFabric.Journey journey = fabric.send(packet, MiniFabric.SYN);
      Verdict enforced = Oracle.judge(image, packet);
      Verdict staged = Oracle.judgeStaged(image, packet);
      assertThat(enforced.noRoute()).isEmpty();
      String about =
          "seed %d: %s\n%s%s"
              .formatted(seed, journey, enforced.explanation(), staged.explanation());
      boolean together = fabric.hostOf(packet.from()).equals(fabric.hostOf(packet.to()));
      if (together) {
        found.add(
            new Here(journey.hops().get(0), enforced.judgements(), staged.judgements(), about));
        continue;
      }
      for (int hop = 0; hop < journey.hops().size(); hop++) {
        found.add(
            new Here(
                journey.hops().get(hop),
                enforced.judgements().subList(hop, hop + 1),
                staged.judgements().subList(hop, hop + 1),
                about));
      }
    }
    return found;
  }

  private static Image image(long seed) {
    return RandomImages.complete(seed).image(Size.MEDIUM);
  }

  // --- the rules of a judgement ----------------------------------------------------------------

  private static List<Long> ids(Image image, Judgement judgement, Predicate<Step> which) {
    return judgement.steps().stream()
        .filter(which)
        .map(step -> (long) image.number(step.policy()).number() << 10 | step.rule())
        .toList();
  }

  private static Rule rule(Image image, Step step) {
    return image.policy(step.policy()).orElseThrow().rules().get(step.rule());
  }

  private static boolean audited(Image image, Step step) {
    Policy policy = image.policy(step.policy()).orElseThrow();
    return policy.stageOf(rule(image, step)) == Stage.AUDIT;
  }

  private static boolean logs(Image image, Step step) {
    return step.decisive() && rule(image, step).log();
  }

  /**
   * Whether each rule that may have decided at some tier logs: the switch takes any one of them.
   */
  private static boolean mustLog(Image image, Judgement judgement) {
    for (Tier tier : Tier.values()) {
      List<Step> decisive =
          judgement.steps().stream()
              .filter(step -> step.tier() == tier && step.decisive())
              .toList();
      if (!decisive.isEmpty() && decisive.stream().allMatch(step -> logs(image, step))) {
        return true;
      }
    }
    return false;
  }
}
