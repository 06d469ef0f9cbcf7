package io.fynbos.policy.model;

/** The name of a universe, unique in the fabric: {@code [a-z0-9-]}, 1 to 63 characters. */
public record UniverseName(String value) implements ObjectKey, Comparable<UniverseName> {
  public UniverseName {
    Names.check(value, "universe name");
  }

  @Override
  public Kind kind() {
    return Kind.UNIVERSE;
  }

  @Override
  public int compareTo(UniverseName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
