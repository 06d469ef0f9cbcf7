package io.fynbos.policy.model;

import java.util.Optional;

/**
 * A policy, named with its universe when it has one; its text form is {@code universe/name}, or
 * {@code name} for a fabric-wide one. Fabric-wide policies come first, then by universe, then by
 * name.
 */
public record PolicyRef(Optional<UniverseName> universe, PolicyName name)
    implements ObjectKey, Comparable<PolicyRef> {
  /** Reads {@code universe/name} or {@code name}; throws when the text is anything else. */
  public static PolicyRef parse(String text) {
    if (text.indexOf('/') < 0) {
      return fabricWide(text);
    }
    String[] parts = Names.split(text, "a policy");
    return of(parts[0], parts[1]);
  }

  public static PolicyRef of(String universe, String name) {
    return new PolicyRef(Optional.of(new UniverseName(universe)), new PolicyName(name));
  }

  public static PolicyRef fabricWide(String name) {
    return new PolicyRef(Optional.empty(), new PolicyName(name));
  }

  @Override
  public Kind kind() {
    return Kind.POLICY;
  }

  @Override
  public int compareTo(PolicyRef other) {
    if (universe.isPresent() && other.universe.isPresent()) {
      int byUniverse = universe.get().compareTo(other.universe.get());
      return byUniverse != 0 ? byUniverse : name.compareTo(other.name);
    }
    int byScope = Boolean.compare(universe.isPresent(), other.universe.isPresent());
    return byScope != 0 ? byScope : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return universe.map(u -> u + "/" + name).orElse(name.toString());
  }
}
