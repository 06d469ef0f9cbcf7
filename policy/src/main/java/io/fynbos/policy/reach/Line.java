package io.fynbos.policy.reach;

import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.Tier;
import java.util.Comparator;
import java.util.List;

/**
 * A rule with what it has from its policy. Lines are sorted as rules are judged: by tier and order,
 * and of those the action that wins first.
 */
record Line(
    RuleRef ref,
    Tier tier,
    int order,
    Action action,
    Stage stage,
    AppliesTo appliesTo,
    List<Peer> peers,
    ServiceSet services)
    implements Comparable<Line> {
  private static final Comparator<Line> ORDER =
      Comparator.comparing(Line::tier)
          .thenComparing(Line::order)
          .thenComparing(Line::action, Comparator.reverseOrder())
          .thenComparing(Line::ref);

  static Line of(Policy policy, int index) {
    Rule rule = policy.rules().get(index);
    return new Line(
        new RuleRef(policy.ref(), index),
        policy.tier(),
        policy.orderOf(rule),
        rule.action(),
        policy.stageOf(rule),
        policy.appliesTo(),
        rule.peers(),
        ServiceSet.of(rule.services()));
  }

  /** Whether the two stand at the same place: there the actions decide which wins. */
  boolean besides(Line other) {
    return tier == other.tier && order == other.order;
  }

  @Override
  public int compareTo(Line other) {
    return ORDER.compare(this, other);
  }
}
