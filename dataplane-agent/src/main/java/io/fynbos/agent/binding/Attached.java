package io.fynbos.agent.binding;

import io.fynbos.agent.bringup.Wanted;
import io.fynbos.agent.ovsdb.Replica;
import io.fynbos.agent.ovsdb.Row;
import io.fynbos.policy.model.Mac;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A guest's interface that the switch forwards for: the endpoint's id, the port's number, and the
 * MAC address that whoever attached it wrote down.
 */
public record Attached(UUID id, int ofport, Optional<Mac> mac) {
  /** OFPP_MAX of OpenFlow 1.0, which Open vSwitch still keeps to for ordinary ports. */
  private static final int OFPORT_MAX = 0xfeff;

  /**
   * The interfaces of the integration bridge that name an endpoint and have a port. When two name
   * the same endpoint (a port that was replaced before it was taken away) the one with the higher
   * number, which came later, counts.
   */
  public static SortedMap<UUID, Attached> of(Replica replica) {
    SortedMap<UUID, Attached> found = new TreeMap<>();
    Optional<Row.Bridge> bridge = replica.bridge(Wanted.BRIDGE);
    if (bridge.isPresent()) {
      for (Row.Interface candidate : replica.interfacesOf(bridge.get())) {
        attached(candidate)
            .ifPresent(next -> found.merge(next.id, next, (a, b) -> a.ofport > b.ofport ? a : b));
      }
    }
    return Collections.unmodifiableSortedMap(found);
  }

  private static Optional<Attached> attached(Row.Interface candidate) {
    OptionalLong ofport = candidate.ofport();
    if (ofport.isEmpty() || ofport.getAsLong() < 1 || ofport.getAsLong() > OFPORT_MAX) {
      return Optional.empty();
    }
    return endpointId(candidate)
        .map(
            id ->
                new Attached(
                    id,
                    (int) ofport.getAsLong(),
                    mac(candidate.externalIds().getOrDefault("attached-mac", ""))));
  }

  /** The endpoint that an interface says it belongs to, whether or not it has a port yet. */
  public static Optional<UUID> endpointId(Row.Interface candidate) {
    String text = candidate.externalIds().getOrDefault("iface-id", "");
    try {
      return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Mac> mac(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Mac.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
