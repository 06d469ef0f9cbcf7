package io.fynbos.policy.model;

/**
 * A security group, named with its universe; its text form is {@code universe/name}. Ordered by
 * universe, then name.
 */
public record GroupRef(UniverseName universe, GroupName name)
    implements ObjectKey, Comparable<GroupRef> {
  /** Reads {@code universe/name}; throws when the text is anything else. */
  public static GroupRef parse(String text) {
    String[] parts = Names.split(text, "a group");
    return of(parts[0], parts[1]);
  }

  public static GroupRef of(String universe, String name) {
    return new GroupRef(new UniverseName(universe), new GroupName(name));
  }

  @Override
  public Kind kind() {
    return Kind.GROUP;
  }

  @Override
  public int compareTo(GroupRef other) {
    int byUniverse = universe.compareTo(other.universe);
    return byUniverse != 0 ? byUniverse : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return universe + "/" + name;
  }
}
