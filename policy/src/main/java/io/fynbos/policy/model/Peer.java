package io.fynbos.policy.model;

import java.util.List;

/** The other end that a rule is about. */
public sealed interface Peer {
  /** The members of a group. */
  record Group(GroupRef group) implements Peer {}

  /**
   * The addresses of a prefix without those of some prefixes in it; private addresses of endpoints
   * are matched too. The exceptions are kept sorted.
   */
  record Cidr(Prefix prefix, List<Prefix> except) implements Peer {
    public static final int EXCEPTS_MAX = 64;

    public Cidr {
      Checks.atMost(except.size(), EXCEPTS_MAX, "exceptions of a CIDR");
      except = except.stream().sorted().toList();
      Checks.distinct(except, "exception");
      for (Prefix part : except) {
        if (!prefix.contains(part)) {
          throw new IllegalArgumentException(
              "exception %s is not inside %s".formatted(part, prefix));
        }
      }
    }

    public boolean contains(IpAddress address) {
      return prefix.contains(address) && except.stream().noneMatch(p -> p.contains(address));
    }
  }
}
