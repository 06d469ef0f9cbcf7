package io.fynbos.controller.compile;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.UniverseName;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the audit lane is: for a universe and a direction, on the hosts where a rule that is only
 * tried out applies to one of the universe's endpoints.
 */
final class Lanes {
  private static final BitSet NOWHERE = new BitSet();

  private final PolicyFlows policies;
  private final Image image;
  private final Map<Direction, Map<Optional<UniverseName>, BitSet>> hosts =
      new EnumMap<>(Direction.class);

  Lanes(PolicyFlows policies) {
    this.policies = policies;
    this.image = policies.image();
  }

  /** The numbers of the hosts where a universe has the lane; without one, where any has it. */
  BitSet hosts(Optional<UniverseName> scope, Direction direction) {
    if (image.auditingPolicies().isEmpty()) {
      return NOWHERE;
    }
    Map<Optional<UniverseName>, BitSet> known =
        hosts.computeIfAbsent(direction, d -> new HashMap<>());
    BitSet found = known.get(scope);
    if (found == null) {
      found = find(scope, direction);
      known.put(scope, found);
    }
    return found;
  }

  private BitSet find(Optional<UniverseName> scope, Direction direction) {
    BitSet found = new BitSet();
    if (scope.isEmpty()) {
      auditing(image.auditingPolicies(), direction, found, Optional.empty());
    } else {
      auditing(image.policiesOf(scope.get()), direction, found, scope);
      auditing(image.fabricPolicies(), direction, found, scope);
    }
    return found;
  }

  private void auditing(
      Collection<PolicyRef> refs,
      Direction direction,
      BitSet found,
      Optional<UniverseName> universe) {
    for (PolicyRef ref : refs) {
      if (image.auditingPolicies().contains(ref) && audits(ref, direction)) {
        found.or(policies.hosts(ref, universe));
      }
    }
  }

  private boolean audits(PolicyRef ref, Direction direction) {
    Policy policy = image.policy(ref).orElseThrow();
    return policy.rules().stream()
        .anyMatch(r -> r.direction() == direction && policy.stageOf(r) == Stage.AUDIT);
  }
}
