package io.fynbos.policy.decide;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.SecurityGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts and deletes of security groups. */
final class GroupEdits {
  private GroupEdits() {}

  static Optional<Refusal> put(Plan plan, List<SecurityGroup> groups) {
    for (SecurityGroup group : groups) {
      GroupRef ref = group.ref();
      if (!plan.image().universes().containsKey(ref.universe())) {
        return Optional.of(new Refusal.UnknownUniverse(ref, ref.universe(), "universe"));
      }
      if (!plan.image().groups().containsKey(ref)) {
        plan.add(new Change.GroupPut(group));
      }
    }
    return Optional.empty();
  }

  static Optional<Refusal> delete(Plan plan, List<GroupRef> refs) {
    for (GroupRef ref : refs) {
      List<ObjectKey> users = new ArrayList<>();
      users.addAll(plan.image().endpointsOf(ref));
      users.addAll(plan.image().policiesNaming(ref));
      if (!users.isEmpty()) {
        return Optional.of(new UniverseRefusal.GroupInUse(ref, users));
      }
      plan.add(new Change.GroupDeleted(ref));
    }
    return Optional.empty();
  }
}
