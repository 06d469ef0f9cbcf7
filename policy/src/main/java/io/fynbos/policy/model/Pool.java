package io.fynbos.policy.model;

import java.util.List;

/**
 * The operator's public addresses. Both lists are kept sorted.
 *
 * @param shared parts of the prefixes, IPv4, that are shared by translation
 */
public record Pool(PoolName name, List<Prefix> prefixes, List<Prefix> shared)
    implements FabricObject {
  public static final int PREFIXES_MAX = 256;

  public Pool {
    Checks.atMost(prefixes.size(), PREFIXES_MAX, "prefixes of a pool");
    Checks.notEmpty(prefixes, "prefixes of a pool");
    Checks.atMost(shared.size(), PREFIXES_MAX, "shared prefixes of a pool");
    prefixes = Checks.disjoint(prefixes);
    shared = Checks.disjoint(shared);
    for (Prefix part : shared) {
      if (part.v6()) {
        throw new IllegalArgumentException(
            "only IPv4 is shared by translation, and %s is IPv6".formatted(part));
      }
      if (prefixes.stream().noneMatch(prefix -> prefix.contains(part))) {
        throw new IllegalArgumentException(
            "shared prefix %s is not inside a prefix of pool %s".formatted(part, name));
      }
    }
  }

  /** Whether the address is in the pool and not among those that are shared. */
  public boolean offers(IpAddress address) {
    return prefixes.stream().anyMatch(prefix -> prefix.contains(address))
        && shared.stream().noneMatch(prefix -> prefix.contains(address));
  }

  @Override
  public PoolName key() {
    return name;
  }

  @Override
  public Document document() {
    return new Document.PoolDocument(this);
  }
}
