package io.fynbos.policy.model;

/** The name of a security group, unique in its universe: {@code [a-z0-9-]}, 1 to 63 characters. */
public record GroupName(String value) implements Comparable<GroupName> {
  public GroupName {
    Names.check(value, "group name");
  }

  @Override
  public int compareTo(GroupName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
