package io.fynbos.agent.link;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Revision;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the controller asks of a host's agent. Each order but a question stands in place of the one
 * before it.
 */
public sealed interface Order {
  /**
   * Wait for revalidation, forget the connections of universes that have left, and say that the
   * revision is applied.
   *
   * @param zones the conntrack zones that are in use here; empty when the controller does not say
   */
  record Revalidate(Revision revision, Optional<SortedSet<Integer>> zones) implements Order {
    public Revalidate {
      zones = zones.map(all -> Collections.unmodifiableSortedSet(new TreeSet<>(all)));
    }
  }

  /** Keep these underlay addresses resolved. */
  record Neighbours(SortedSet<IpAddress> underlays) implements Order {
    public Neighbours {
      underlays = Collections.unmodifiableSortedSet(new TreeSet<>(underlays));
    }
  }

  /** Answer a question. */
  record Ask(Question question) implements Order {}

  /** The most zones there are. */
  int ZONES_MAX = 1 << 16;

  /**
   * Reads an order; empty when its type is not known, so that a newer controller may say more.
   *
   * @throws IllegalArgumentException when it is of a known type and malformed; a question never is
   */
  static Optional<Order> decode(SseEvent event) {
    return switch (event.type()) {
      case "revalidate" -> Optional.of(revalidate(json(event)));
      case "neighbours" -> Optional.of(neighbours(json(event)));
      case "ask" -> ask(event);
      default -> Optional.empty();
    };
  }

  private static Order revalidate(JsonNode data) {
    JsonNode revision = data.path("revision");
    if (!revision.isIntegralNumber() || !revision.canConvertToLong()) {
      throw new IllegalArgumentException("revalidate: expected a revision, found " + revision);
    }
    JsonNode zones = data.path("zones");
    return new Revalidate(
        new Revision(revision.longValue()),
        zones.isMissingNode() ? Optional.empty() : Optional.of(zones(zones)));
  }

  private static SortedSet<Integer> zones(JsonNode data) {
    if (!data.isArray()) {
      throw new IllegalArgumentException("revalidate: expected zones, found " + data);
    }
    SortedSet<Integer> zones = new TreeSet<>();
    for (JsonNode zone : data) {
      if (!zone.isIntegralNumber() || zone.asLong() < 0 || zone.asLong() >= ZONES_MAX) {
        throw new IllegalArgumentException("revalidate: expected a zone, found " + zone);
      }
      zones.add(zone.intValue());
    }
    return zones;
  }

  /** Whoever asked has a deadline, so that a question nobody can read need not be answered. */
  private static Optional<Order> ask(SseEvent event) {
    try {
      return Question.decode(new ObjectMapper().readTree(event.data())).map(Ask::new);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static Order neighbours(JsonNode data) {
    if (!data.path("underlays").isArray()) {
      throw new IllegalArgumentException("neighbours: expected underlays, found " + data);
    }
    SortedSet<IpAddress> underlays = new TreeSet<>();
    for (JsonNode address : data.path("underlays")) {
      underlays.add(IpAddress.parse(address.asText()));
    }
    return new Neighbours(underlays);
  }

  private static JsonNode json(SseEvent event) {
    try {
      return new ObjectMapper().readTree(event.data());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(event.type() + ": data is not JSON", e);
    }
  }
}
