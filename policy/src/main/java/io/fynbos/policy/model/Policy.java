package io.fynbos.policy.model;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pcollections.TreePSet;

/**
 * Rules for the endpoints it applies to. A policy with a universe is about that universe alone; one
 * without is fabric-wide, and the operator's.
 *
 * @param order smaller is judged first, compared across the whole tier
 * @param stage of the rules that do not say their own
 */
public record Policy(
    PolicyRef ref, Tier tier, int order, Stage stage, AppliesTo appliesTo, List<Rule> rules)
    implements FabricObject {
  public static final int ORDER_MAX = 15999;
  public static final int ORDER_DEFAULT = 1000;

  /** The index of a rule has ten bits in a conjunction id. */
  public static final int RULES_MAX = 1023;

  public Policy {
    rules = List.copyOf(rules);
    Checks.range(order, 0, ORDER_MAX, "an order");
    Checks.atMost(rules.size(), RULES_MAX, "rules of a policy");
    if (tier == Tier.UNIVERSE && ref.universe().isEmpty()) {
      throw new IllegalArgumentException("a policy of tier universe names its universe");
    }
    if (ref.universe().isPresent() && !appliesTo.universes().isEmpty()) {
      throw new IllegalArgumentException(
          "appliesTo.universes is for fabric-wide policies; this one is for universe "
              + ref.universe().get());
    }
    for (Rule rule : rules) {
      if (rule.action() == Action.PASS && tier != Tier.GUARDRAIL) {
        throw new IllegalArgumentException(
            "the action pass is for tier guardrail; this policy is of tier " + tier);
      }
    }
    Optional<UniverseName> universe = ref.universe();
    groupsOf(appliesTo, rules)
        .filter(group -> universe.isPresent() && !group.universe().equals(universe.get()))
        .findFirst()
        .ifPresent(
            group -> {
              throw new IllegalArgumentException(
                  "a policy of universe %s cannot name group %s of another universe"
                      .formatted(universe.get(), group));
            });
  }

  /** A policy that is in force. */
  public Policy(PolicyRef ref, Tier tier, int order, AppliesTo appliesTo, List<Rule> rules) {
    this(ref, tier, order, Stage.ENFORCE, appliesTo, rules);
  }

  /** The order of one of its rules: the rule's own, or else the policy's. */
  public int orderOf(Rule rule) {
    return rule.order().orElse(order);
  }

  /** The stage of one of its rules: the rule's own, or else the policy's. */
  public Stage stageOf(Rule rule) {
    return rule.stage().orElse(stage);
  }

  /** Whether one of its rules is only tried out. */
  public boolean audits() {
    return rules.stream().anyMatch(rule -> stageOf(rule) == Stage.AUDIT);
  }

  /** Every group that it names, whether it applies to it or has it as a peer. */
  public SortedSet<GroupRef> groups() {
    TreeSet<GroupRef> groups = new TreeSet<>();
    groupsOf(appliesTo, rules).forEach(groups::add);
    return TreePSet.fromSortedSet(groups);
  }

  private static Stream<GroupRef> groupsOf(AppliesTo appliesTo, List<Rule> rules) {
    Stream<GroupRef> peers =
        rules.stream()
            .flatMap(rule -> rule.peers().stream())
            .filter(Peer.Group.class::isInstance)
            .map(peer -> ((Peer.Group) peer).group());
    return Stream.concat(appliesTo.groups().stream(), peers);
  }

  @Override
  public PolicyRef key() {
    return ref;
  }

  @Override
  public Document document() {
    return new Document.PolicyDocument(this);
  }
}
