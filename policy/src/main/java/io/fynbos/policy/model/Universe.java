package io.fynbos.policy.model;

import java.util.List;

/**
 * A tenant's address space, which may overlap others', and what happens there by default. Its
 * prefixes are kept sorted.
 *
 * @param defaultIn allow or deny: what no rule of any tier matches on the way in
 * @param defaultOut allow or deny, on the way out
 * @param keepEstablished whether taking a rule away leaves tracked connections alone
 * @param logDenied whether what is denied or rejected goes to the flow log, whatever denied it
 */
public record Universe(
    UniverseName name,
    List<Prefix> prefixes,
    Action defaultIn,
    Action defaultOut,
    boolean keepEstablished,
    boolean logDenied,
    Internet internet)
    implements FabricObject {
  public static final int PREFIXES_MAX = 64;

  public Universe {
    Checks.atMost(prefixes.size(), PREFIXES_MAX, "prefixes of a universe");
    Checks.notEmpty(prefixes, "prefixes of a universe");
    prefixes = Checks.disjoint(prefixes);
    for (Action action : List.of(defaultIn, defaultOut)) {
      if (action != Action.ALLOW && action != Action.DENY) {
        throw new IllegalArgumentException("a default is allow or deny, not " + action);
      }
    }
  }

  /** A universe that logs only what its rules say. */
  public Universe(
      UniverseName name,
      List<Prefix> prefixes,
      Action defaultIn,
      Action defaultOut,
      boolean keepEstablished,
      Internet internet) {
    this(name, prefixes, defaultIn, defaultOut, keepEstablished, false, internet);
  }

  /** What happens to packets of a direction that no rule matches. */
  public Action defaultOf(Direction direction) {
    return direction == Direction.IN ? defaultIn : defaultOut;
  }

  public boolean contains(IpAddress address) {
    return prefixes.stream().anyMatch(prefix -> prefix.contains(address));
  }

  /** Whether one of its prefixes holds all of the other. */
  public boolean contains(Prefix other) {
    return prefixes.stream().anyMatch(prefix -> prefix.contains(other));
  }

  @Override
  public UniverseName key() {
    return name;
  }

  @Override
  public Document document() {
    return new Document.UniverseDocument(this);
  }
}
