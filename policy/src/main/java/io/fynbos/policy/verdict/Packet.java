package io.fynbos.policy.verdict;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.UniverseName;

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

  /**
   * A packet between two addresses of a universe; each end is the endpoint that packets to the
   * address go to, where there is one.
   */
  public static Packet at(
      Image image,
      UniverseName universe,
      IpAddress source,
      IpAddress destination,
      Transport transport) {
    return new Packet(end(image, universe, source), end(image, universe, destination), transport);
  }

  private static End end(Image image, UniverseName universe, IpAddress address) {
    return image
        .endpointAt(universe, address)
        .<End>map(endpoint -> new End.OfEndpoint(endpoint.ref(), address))
        .orElseGet(() -> new End.OfAddress(address));
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
