package io.fynbos.policy.model;

/**
 * An endpoint, named with its universe; its text form is {@code universe/name}. Ordered by
 * universe, then name.
 */
public record EndpointRef(UniverseName universe, EndpointName name)
    implements ObjectKey, Comparable<EndpointRef> {
  /** Reads {@code universe/name}; throws when the text is anything else. */
  public static EndpointRef parse(String text) {
    String[] parts = Names.split(text, "an endpoint");
    return of(parts[0], parts[1]);
  }

  public static EndpointRef of(String universe, String name) {
    return new EndpointRef(new UniverseName(universe), new EndpointName(name));
  }

  @Override
  public Kind kind() {
    return Kind.ENDPOINT;
  }

  @Override
  public int compareTo(EndpointRef other) {
    int byUniverse = universe.compareTo(other.universe);
    return byUniverse != 0 ? byUniverse : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return universe + "/" + name;
  }
}
