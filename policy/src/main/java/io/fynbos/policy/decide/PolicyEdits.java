package io.fynbos.policy.decide;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyNumber;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.UniverseName;
import java.util.List;
import java.util.Optional;

/** Puts and deletes of policies. */
final class PolicyEdits {
  private PolicyEdits() {}

  static Optional<Refusal> put(Plan plan, List<Policy> policies) {
    for (Policy policy : policies) {
      Optional<Refusal> refusal = unknown(plan.image(), policy);
      if (refusal.isPresent()) {
        return refusal;
      }
      Optional<Policy> before = plan.before().policy(policy.ref());
      if (before.equals(Optional.of(policy))) {
        continue;
      }
      Optional<PolicyNumber> number =
          before.isPresent()
              ? Optional.of(plan.before().number(policy.ref()))
              : plan.image().lowestFreePolicyNumber();
      if (number.isEmpty()) {
        return Optional.of(
            new Refusal.NumbersExhausted(
                policy.ref(), "numbers of policies", PolicyNumber.NUMBER_MAX));
      }
      plan.add(new Change.PolicyPut(policy, number.get()));
    }
    return Optional.empty();
  }

  private static Optional<Refusal> unknown(Image image, Policy policy) {
    PolicyRef ref = policy.ref();
    if (ref.universe().isPresent() && !image.universes().containsKey(ref.universe().get())) {
      return Optional.of(new Refusal.UnknownUniverse(ref, ref.universe().get(), "universe"));
    }
    for (UniverseName universe : policy.appliesTo().universes()) {
      if (!image.universes().containsKey(universe)) {
        return Optional.of(new Refusal.UnknownUniverse(ref, universe, "appliesTo.universes"));
      }
    }
    for (GroupRef group : policy.appliesTo().groups()) {
      if (!image.groups().containsKey(group)) {
        return Optional.of(new Refusal.UnknownGroup(ref, group, "appliesTo.groups"));
      }
    }
    for (int i = 0; i < policy.rules().size(); i++) {
      List<Peer> peers = policy.rules().get(i).peers();
      for (int j = 0; j < peers.size(); j++) {
        boolean unknown =
            peers.get(j) instanceof Peer.Group peer && !image.groups().containsKey(peer.group());
        if (unknown) {
          GroupRef group = ((Peer.Group) peers.get(j)).group();
          String path = "rules[%d].peers[%d].group".formatted(i, j);
          return Optional.of(new Refusal.UnknownGroup(ref, group, path));
        }
      }
    }
    return Optional.empty();
  }

  static Optional<Refusal> delete(Plan plan, List<PolicyRef> refs) {
    refs.forEach(ref -> plan.add(new Change.PolicyDeleted(ref)));
    return Optional.empty();
  }
}
