package io.fynbos.policy.model;

/** The name of an endpoint, unique in its universe: {@code [a-z0-9-]}, 1 to 63 characters. */
public record EndpointName(String value) implements Comparable<EndpointName> {
  public EndpointName {
    Names.check(value, "endpoint name");
  }

  @Override
  public int compareTo(EndpointName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
