package io.fynbos.policy.verdict;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.ServiceAddress;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.verdict.Verdict.Judgement;
import io.fynbos.policy.verdict.Verdict.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What rules say of a packet.
 *
 * @param stages of the rules that take part
 */
record Judging(Image image, Packet packet, Set<Stage> stages) {
  /**
   * What the rules of an endpoint say, tier by tier, and then its universe's default. What goes to
   * the fabric's own services may go, as far as the guardrails do not say otherwise.
   */
  Judgement judge(Direction direction, Endpoint judged, Optional<Endpoint> peer) {
    boolean service =
        direction == Direction.OUT && ServiceAddress.of(packet.to().address()).isPresent();
    List<Step> steps = new ArrayList<>();
    for (Tier tier : service ? List.of(Tier.GUARDRAIL) : List.of(Tier.values())) {
      List<Step> first = first(matching(direction, judged, peer, tier));
      steps.addAll(first);
      Optional<Action> decided =
          first.stream().filter(Step::decisive).findFirst().map(Step::action);
      if (decided.isPresent() && decided.get() != Action.PASS) {
        return new Judgement(direction, judged.ref(), decided.get(), steps, false);
      }
    }
    Universe universe = image.universe(judged.universe()).orElseThrow();
    Action otherwise = service ? Action.ALLOW : universe.defaultOf(direction);
    return new Judgement(direction, judged.ref(), otherwise, steps, true);
  }

  /** Those of the smallest order, the ones of the action that wins marked as decisive. */
  private static List<Step> first(List<Step> matching) {
    int order = matching.stream().mapToInt(Step::order).min().orElse(0);
    List<Step> set = matching.stream().filter(step -> step.order() == order).toList();
    Optional<Action> winner = set.stream().map(Step::action).max(Enum::compareTo);
    return set.stream()
        .map(
            step ->
                new Step(
                    step.tier(),
                    step.order(),
                    step.policy(),
                    step.rule(),
                    step.action(),
                    winner.equals(Optional.of(step.action()))))
        .toList();
  }

  private List<Step> matching(
      Direction direction, Endpoint judged, Optional<Endpoint> peer, Tier tier) {
    End peerEnd = direction == Direction.OUT ? packet.to() : packet.from();
    List<PolicyRef> refs = new ArrayList<>(image.fabricPolicies());
    refs.addAll(image.policiesOf(judged.universe()));
    List<Step> steps = new ArrayList<>();
    for (PolicyRef ref : refs) {
      Policy policy = image.policy(ref).orElseThrow();
      if (policy.tier() != tier || !applies(policy.appliesTo(), judged)) {
        continue;
      }
      for (int i = 0; i < policy.rules().size(); i++) {
        Rule rule = policy.rules().get(i);
        boolean matches =
            rule.direction() == direction
                && stages.contains(policy.stageOf(rule))
                && matchesPeer(rule, peerEnd, peer)
                && matchesService(rule, packet.transport());
        if (matches) {
          steps.add(new Step(tier, policy.orderOf(rule), ref, i, rule.action(), false));
        }
      }
    }
    return steps;
  }

  private static boolean applies(AppliesTo appliesTo, Endpoint endpoint) {
    boolean inUniverse =
        appliesTo.universes().isEmpty() || appliesTo.universes().contains(endpoint.universe());
    boolean inGroup =
        appliesTo.groups().isEmpty()
            || appliesTo.groups().stream().anyMatch(group -> member(endpoint, group));
    return inUniverse && inGroup;
  }

  private static boolean member(Endpoint endpoint, GroupRef group) {
    return endpoint.universe().equals(group.universe()) && endpoint.groups().contains(group.name());
  }

  private static boolean matchesPeer(Rule rule, End end, Optional<Endpoint> peer) {
    if (rule.peers().isEmpty()) {
      return true;
    }
    for (Peer allowed : rule.peers()) {
      boolean matches =
          allowed instanceof Peer.Group of
              ? peer.isPresent() && member(peer.get(), of.group())
              : ((Peer.Cidr) allowed).contains(end.address());
      if (matches) {
        return true;
      }
    }
    return false;
  }

  private static boolean matchesService(Rule rule, Transport transport) {
    return rule.services().isEmpty() || rule.services().stream().anyMatch(transport::matches);
  }
}
