package io.fynbos.policy.image;

import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyNumber;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseName;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Policies, their numbers, and which of them name a universe or a group or try out a rule. */
record Policies(
    TreePMap<PolicyRef, Versioned<Policy>> all,
    TreePMap<PolicyRef, PolicyNumber> numbers,
    TreePMap<PolicyNumber, Revision> resting,
    Runs<Integer> taken,
    TreePSet<PolicyRef> fabricWide,
    Index<UniverseName, PolicyRef> ofUniverse,
    Index<UniverseName, PolicyRef> naming,
    Index<GroupRef, PolicyRef> namingGroup,
    TreePSet<PolicyRef> auditing) {
  static final Policies EMPTY =
      new Policies(
          TreePMap.empty(),
          TreePMap.empty(),
          TreePMap.empty(),
          Runs.ofNumbers(),
          TreePSet.empty(),
          Index.empty(),
          Index.empty(),
          Index.empty(),
          TreePSet.empty());

  Policies put(Policy policy, PolicyNumber number, Revision revision) {
    Versioned<Policy> before = all.get(policy.ref());
    boolean wrong =
        before == null
            ? taken.contains(number.number())
            : !Present.in(numbers, policy.ref()).equals(number);
    if (wrong) {
      throw new IllegalStateException(
          "policy %s cannot have number %s: before %s".formatted(policy.ref(), number, before));
    }
    Policies rest = before == null ? this : without(before.value());
    return rest.with(policy, number, revision);
  }

  Policies delete(PolicyRef ref, Revision revision) {
    PolicyNumber number = Present.in(numbers, ref);
    Policies rest = without(Present.in(all, ref).value());
    return rest.resting(resting.plus(number, revision), taken);
  }

  Policies rest(PolicyNumber number, Revision revision) {
    if (taken.contains(number.number())) {
      throw new IllegalStateException("policy number %s is taken".formatted(number));
    }
    return resting(resting.plus(number, revision), taken.plus(number.number()));
  }

  private Policies resting(TreePMap<PolicyNumber, Revision> changed, Runs<Integer> numbered) {
    return new Policies(
        all, numbers, changed, numbered, fabricWide, ofUniverse, naming, namingGroup, auditing);
  }

  Policies release(PolicyNumber number) {
    Present.in(resting, number);
    return resting(resting.minus(number), taken.minus(number.number()));
  }

  private Policies with(Policy policy, PolicyNumber number, Revision revision) {
    PolicyRef ref = policy.ref();
    Index<GroupRef, PolicyRef> groups = namingGroup;
    for (GroupRef group : policy.groups()) {
      groups = groups.plus(group, ref);
    }
    Index<UniverseName, PolicyRef> universes = naming;
    for (UniverseName universe : policy.appliesTo().universes()) {
      universes = universes.plus(universe, ref);
    }
    return new Policies(
        all.plus(ref, new Versioned<>(policy, revision)),
        numbers.plus(ref, number),
        resting,
        taken.plus(number.number()),
        ref.universe().isEmpty() ? fabricWide.plus(ref) : fabricWide,
        ref.universe().map(u -> ofUniverse.plus(u, ref)).orElse(ofUniverse),
        universes,
        groups,
        policy.audits() ? auditing.plus(ref) : auditing);
  }

  private Policies without(Policy policy) {
    PolicyRef ref = policy.ref();
    Index<GroupRef, PolicyRef> groups = namingGroup;
    for (GroupRef group : policy.groups()) {
      groups = groups.minus(group, ref);
    }
    Index<UniverseName, PolicyRef> universes = naming;
    for (UniverseName universe : policy.appliesTo().universes()) {
      universes = universes.minus(universe, ref);
    }
    return new Policies(
        all.minus(ref),
        numbers.minus(ref),
        resting,
        taken,
        fabricWide.minus(ref),
        ref.universe().map(u -> ofUniverse.minus(u, ref)).orElse(ofUniverse),
        universes,
        groups,
        auditing.minus(ref));
  }
}
