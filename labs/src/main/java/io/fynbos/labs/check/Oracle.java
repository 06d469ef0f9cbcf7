package io.fynbos.labs.check;

import io.fynbos.labs.topology.Topology.Guest;

/** Says what must happen to a packet, from the documents alone. */
interface Oracle {

  /**
   * Whether the first packet of this service may go from one guest to another of its universe.
   *
   * @param sourcePort what it comes from, where the service has ports
   */
  boolean allows(Guest from, Guest to, boolean v6, ProbeService service, int sourcePort);
}
