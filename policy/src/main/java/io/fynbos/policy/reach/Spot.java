package io.fynbos.policy.reach;

import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.ServiceAddress;
import java.util.List;
import java.util.Optional;

/**
 * The addresses of an endpoint, of one of the fabric's services, or of what is outside, that are in
 * one atom: rules treat them alike.
 *
 * @param addresses the fewest prefixes that hold just them
 */
record Spot(
    Optional<EndpointRef> endpoint,
    Optional<ServiceAddress> service,
    Prefix atom,
    List<Prefix> addresses) {
  /** What is the same about it in two images whose addresses are cut alike. */
  record Key(Optional<EndpointRef> endpoint, Prefix atom) {}

  /** Who judges what comes from there or goes there. */
  Kind kind() {
    return endpoint.isPresent() ? Kind.ENDPOINT : service.isPresent() ? Kind.SERVICE : Kind.OUTSIDE;
  }

  /** The kinds of spots. */
  enum Kind {
    /** It has rules of its own. */
    ENDPOINT,
    /** It has none, and the senders' guardrails alone are asked about it. */
    SERVICE,
    /** It has none. */
    OUTSIDE
  }

  Key key() {
    return new Key(endpoint, atom);
  }

  /** Bit 0 for IPv4, bit 1 for IPv6. */
  int family() {
    return atom.v6() ? 2 : 1;
  }
}
