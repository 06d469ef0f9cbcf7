package io.fynbos.policy.image;

import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.SecurityGroup;
import io.fynbos.policy.model.UniverseName;
import org.pcollections.TreePMap;

/** Security groups. */
record Groups(
    TreePMap<GroupRef, Versioned<SecurityGroup>> all, Index<UniverseName, GroupRef> ofUniverse) {
  static final Groups EMPTY = new Groups(TreePMap.empty(), Index.empty());

  Groups put(SecurityGroup group, Revision revision) {
    GroupRef ref = group.ref();
    return new Groups(
        all.plus(ref, new Versioned<>(group, revision)), ofUniverse.plus(ref.universe(), ref));
  }

  Groups delete(GroupRef ref) {
    Present.in(all, ref);
    return new Groups(all.minus(ref), ofUniverse.minus(ref.universe(), ref));
  }
}
