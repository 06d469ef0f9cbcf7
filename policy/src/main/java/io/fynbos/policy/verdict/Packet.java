package io.fynbos.policy.verdict;

import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Service;

/** A packet, as far as policy looks at it. */
public record Packet(End from, End to, Transport transport) {
  /** A packet between addresses that two endpoints have. */
  public static Packet between(
      Endpoint from, IpAddress source, Endpoint to, IpAddress destination, Transport transport) {
    return new Packet(
        new End.OfEndpoint(from.ref(), source),
        new End.OfEndpoint(to.ref(), destination),
        transport);
  }

  /** What an answer to it would be. */
  public Packet reversed() {
    return new Packet(to, from, transport.reversed());
  }

  /**
   * Whether its protocol is judged without connection state, an answer being the reverse of what is
   * allowed.
   */
  public boolean stateless() {
    return transport.protocol() == Service.SCTP;
  }

  @Override
  public String toString() {
    return from + " → " + to + " " + transport;
  }
}
