package io.fynbos.policy.model;

/** The name of a host, unique in the fabric: {@code [a-z0-9-]}, 1 to 63 characters. */
public record HostName(String value) implements ObjectKey, Comparable<HostName> {
  public HostName {
    Names.check(value, "host name");
  }

  @Override
  public Kind kind() {
    return Kind.HOST;
  }

  @Override
  public int compareTo(HostName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
