package io.fynbos.labs.runner;

import java.util.List;

/**
 * How a guest is set up now.
 *
 * @param plugged whether its port is on the host's switch
 * @param endpointId the iface-id its port carries, empty while its endpoint is unknown
 * @param mac what its interface has, empty while unknown
 * @param addresses what its interface has
 */
record GuestRecord(
    String name, boolean plugged, String endpointId, String mac, List<String> addresses) {
  GuestRecord {
    addresses = List.copyOf(addresses);
  }

  static GuestRecord unknown(String name) {
    return new GuestRecord(name, false, "", "", List.of());
  }

  GuestRecord plugged(boolean now) {
    return new GuestRecord(name, now, endpointId, mac, addresses);
  }

  boolean known() {
    return !endpointId.isEmpty();
  }
}
