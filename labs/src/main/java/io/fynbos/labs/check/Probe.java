package io.fynbos.labs.check;

import io.fynbos.labs.topology.Topology.Guest;
import java.net.InetAddress;
import java.util.Optional;

/**
 * One packet to send, and what must become of it.
 *
 * @param receiver the guest that the destination means in the sender's universe, if it means one
 * @param answering whether the receiver has configured the address, so that it answers there
 */
public record Probe(
    Guest sender,
    InetAddress source,
    InetAddress destination,
    Optional<Guest> receiver,
    ProbeService service,
    int sourcePort,
    Fate fate,
    boolean answering) {

  boolean v6() {
    return destination.getAddress().length == 16;
  }

  /** The same from another source port. */
  public Probe from(int newSourcePort) {
    return new Probe(
        sender, source, destination, receiver, service, newSourcePort, fate, answering);
  }

  /** Who sends what to whom, on one line. */
  @Override
  public String toString() {
    return "%s → %s %s (%s)"
        .formatted(
            sender.endpointText(),
            receiver.map(Guest::endpointText).orElse("nobody"),
            service,
            Addresses.of(destination));
  }
}
