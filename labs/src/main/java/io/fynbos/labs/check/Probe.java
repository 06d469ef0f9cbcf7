package io.fynbos.labs.check;

import io.fynbos.labs.topology.Topology.Guest;
import java.net.InetAddress;
import java.util.Optional;

/**
 * One packet to send, and what must become of it.
 *
 * @param receiver the guest that the destination means in the sender's universe, if it means one
 * @param allowed whether it must arrive there; it must arrive nowhere else in any case
 */
record Probe(
    Guest sender,
    InetAddress source,
    InetAddress destination,
    Optional<Guest> receiver,
    ProbeService service,
    int sourcePort,
    boolean allowed) {

  boolean v6() {
    return destination.getAddress().length == 16;
  }
}
