package io.fynbos.policy.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.RandomImages;
import io.fynbos.policy.RandomPackets;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyName;
import io.fynbos.policy.model.PolicyNumber;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What holds of verdicts whatever the policies are. */
class VerdictPropertiesTest {
  private static final int PACKETS = 60;

  /** Judges the same random packets on random images and on what is made of them. */
  private static void compare(UnaryOperator<Image> change, Expectation expectation) {
    for (long seed = 1; seed <= 25; seed++) {
      Image image = RandomImages.complete(seed).image(RandomImages.Size.SMALL);
      Image changed = change.apply(image);
      RandomPackets packets = new RandomPackets(seed);
      for (int i = 0; i < PACKETS; i++) {
        Packet packet = packets.any(image);
        Verdict before = Oracle.judge(image, packet);
        Verdict after = Oracle.judge(changed, packet);
        expectation.check("seed %d, %s".formatted(seed, packet), before, after);
      }
    }
  }

  private interface Expectation {
    void check(String what, Verdict before, Verdict after);
  }

  private static Image with(Image image, UnaryOperator<Policy> change) {
    List<Change> changes = new ArrayList<>();
    for (Versioned<Policy> policy : image.policies().values()) {
      Policy value = policy.value();
      changes.add(new Change.PolicyPut(change.apply(value), image.number(value.ref())));
    }
    return image.apply(changes, image.revision().next());
  }

  private static Image withGuardrail(Image image, int order, Action action) {
    Rule in = rule(Direction.IN, action);
    Rule out = rule(Direction.OUT, action);
    Policy policy =
        new Policy(
            PolicyRef.fabricWide("zz"), Tier.GUARDRAIL, order, AppliesTo.ALL, List.of(in, out));
    PolicyNumber number = image.lowestFreePolicyNumber().orElseThrow();
    return image.apply(List.of(new Change.PolicyPut(policy, number)), image.revision().next());
  }

  private static Rule rule(Direction direction, Action action) {
    return new Rule(direction, action, OptionalInt.empty(), List.of(), List.of(), false);
  }

  @Test
  void theOrderOfRulesInAPolicyMeansNothing() {
    compare(
        image ->
            with(
                image,
                policy -> {
                  List<Rule> rules = new ArrayList<>(policy.rules());
                  Collections.shuffle(rules, new Random(1));
                  return new Policy(
                      policy.ref(),
                      policy.tier(),
                      policy.order(),
                      policy.stage(),
                      policy.appliesTo(),
                      rules);
                }),
        (what, before, after) -> {
          assertThat(after.allowed()).as(what).isEqualTo(before.allowed());
          assertThat(after.rejected()).as(what).isEqualTo(before.rejected());
        });
  }

  @Test
  void whichPolicyARuleStandsInMeansNothingInsideATier() {
    compare(
        image -> {
          List<Change> changes = new ArrayList<>();
          int number = 1000;
          for (Versioned<Policy> versioned : image.policies().values()) {
            Policy policy = versioned.value();
            changes.add(new Change.PolicyDeleted(policy.ref()));
            for (int i = 0; i < policy.rules().size(); i++) {
              PolicyRef ref =
                  new PolicyRef(
                      policy.ref().universe(), new PolicyName(policy.ref().name() + "-" + i));
              Policy single =
                  new Policy(
                      ref,
                      policy.tier(),
                      policy.order(),
                      policy.stage(),
                      policy.appliesTo(),
                      policy.rules().subList(i, i + 1));
              changes.add(new Change.PolicyPut(single, new PolicyNumber(number++)));
            }
          }
          return image.apply(changes, image.revision().next());
        },
        (what, before, after) -> {
          assertThat(after.allowed()).as(what).isEqualTo(before.allowed());
          assertThat(after.rejected()).as(what).isEqualTo(before.rejected());
        });
  }

  @Test
  void aFirstGuardrailThatDeniesAllStopsEverything() {
    compare(
        image -> withGuardrail(with(image, VerdictPropertiesTest::later), 0, Action.DENY),
        (what, before, after) -> assertThat(after.allowed()).as(what).isFalse());
  }

  @Test
  void aFirstGuardrailThatAllowsAllLetsEverythingPassThatHasARoute() {
    compare(
        image -> withGuardrail(with(image, VerdictPropertiesTest::later), 0, Action.ALLOW),
        (what, before, after) ->
            assertThat(after.allowed()).as(what).isEqualTo(before.noRoute().isEmpty()));
  }

  @Test
  void aLastGuardrailThatPassesChangesNothing() {
    compare(
        image -> withGuardrail(image, Policy.ORDER_MAX, Action.PASS),
        (what, before, after) -> assertThat(after.allowed()).as(what).isEqualTo(before.allowed()));
  }

  /** The policy with all of its orders above 0. */
  private static Policy later(Policy policy) {
    List<Rule> rules =
        policy.rules().stream()
            .map(
                rule ->
                    new Rule(
                        rule.direction(),
                        rule.action(),
                        OptionalInt.of(Math.max(1, policy.orderOf(rule))),
                        rule.peers(),
                        rule.services(),
                        rule.log(),
                        rule.stage()))
            .toList();
    return new Policy(policy.ref(), policy.tier(), 1, policy.stage(), policy.appliesTo(), rules);
  }

  @Test
  void aUniversesPoliciesAreNobodyElsesBusiness() {
    UniverseName u0 = new UniverseName("u0");
    compare(
        image -> {
          List<Change> changes = new ArrayList<>();
          image.policiesOf(u0).forEach(ref -> changes.add(new Change.PolicyDeleted(ref)));
          return image.apply(changes, image.revision().next());
        },
        (what, before, after) -> {
          boolean others =
              before.judgements().stream().noneMatch(j -> j.endpoint().universe().equals(u0));
          if (others) {
            assertThat(after).as(what).isEqualTo(before);
          }
        });
  }

  @Test
  void aReplyIsJudgedByWhatItRepliesTo() {
    for (long seed = 1; seed <= 25; seed++) {
      Image image = RandomImages.complete(seed).image(RandomImages.Size.SMALL);
      RandomPackets packets = new RandomPackets(seed);
      for (int i = 0; i < PACKETS; i++) {
        Packet packet = packets.any(image);
        if (packet.stateless() || !packet.reversed().reversed().equals(packet)) {
          continue;
        }
        Verdict verdict = Oracle.judge(image, packet);
        Verdict reply = Oracle.judgeReply(image, packet.reversed());
        assertThat(reply.judgements()).as("seed %d", seed).isEqualTo(verdict.judgements());
        assertThat(reply.allowed()).isEqualTo(verdict.allowed());
        assertThat(reply.asReply()).isTrue();
      }
    }
  }
}
