package io.fynbos.policy.model;

/**
 * The name of a policy, unique in its universe, or among the fabric-wide ones: {@code [a-z0-9-]}, 1
 * to 63 characters.
 */
public record PolicyName(String value) implements Comparable<PolicyName> {
  public PolicyName {
    Names.check(value, "policy name");
  }

  @Override
  public int compareTo(PolicyName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
