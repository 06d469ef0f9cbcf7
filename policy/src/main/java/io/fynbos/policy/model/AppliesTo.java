package io.fynbos.policy.model;

import java.util.List;

/**
 * Which endpoints a policy is for: those in one of the universes and in one of the groups, where an
 * empty list means no condition. Both lists are kept sorted.
 */
public record AppliesTo(List<UniverseName> universes, List<GroupRef> groups) {
  public static final int UNIVERSES_MAX = 1024;
  public static final int GROUPS_MAX = 256;

  /** Every endpoint in the policy's scope. */
  public static final AppliesTo ALL = new AppliesTo(List.of(), List.of());

  public AppliesTo {
    Checks.atMost(universes.size(), UNIVERSES_MAX, "universes in appliesTo");
    Checks.atMost(groups.size(), GROUPS_MAX, "groups in appliesTo");
    universes = universes.stream().sorted().toList();
    groups = groups.stream().sorted().toList();
    Checks.distinct(universes, "universe");
    Checks.distinct(groups, "group");
  }

  public boolean all() {
    return universes.isEmpty() && groups.isEmpty();
  }
}
