package io.fynbos.policy.reach;

import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * The addresses of an endpoint, or of nobody's, that are in one atom: rules treat them alike.
 *
 * @param addresses the fewest prefixes that hold just them
 */
record Spot(Optional<EndpointRef> endpoint, Prefix atom, List<Prefix> addresses) {
  /** What is the same about it in two images whose addresses are cut alike. */
  record Key(Optional<EndpointRef> endpoint, Prefix atom) {}

  Key key() {
    return new Key(endpoint, atom);
  }

  /** Bit 0 for IPv4, bit 1 for IPv6. */
  int family() {
    return atom.v6() ? 2 : 1;
  }
}
