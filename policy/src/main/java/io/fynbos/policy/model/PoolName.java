package io.fynbos.policy.model;

/**
 * The name of a pool of public addresses, unique in the fabric: {@code [a-z0-9-]}, 1 to 63
 * characters.
 */
public record PoolName(String value) implements ObjectKey, Comparable<PoolName> {
  public PoolName {
    Names.check(value, "pool name");
  }

  @Override
  public Kind kind() {
    return Kind.POOL;
  }

  @Override
  public int compareTo(PoolName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
