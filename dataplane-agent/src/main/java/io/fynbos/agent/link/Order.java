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

/** What the controller asks of a host's agent. Each order stands in place of the one before it. */
public sealed interface Order {
  /** Wait for revalidation and say that the revision is applied. */
  record Revalidate(Revision revision) implements Order {}

  /** Keep these underlay addresses resolved. */
  record Neighbours(SortedSet<IpAddress> underlays) implements Order {
    public Neighbours {
      underlays = Collections.unmodifiableSortedSet(new TreeSet<>(underlays));
    }
  }

  /**
   * Reads an order; empty when its type is not known, so that a newer controller may say more.
   *
   * @throws IllegalArgumentException when it is of a known type and malformed
   */
  static Optional<Order> decode(SseEvent event) {
    return switch (event.type()) {
      case "revalidate" -> Optional.of(revalidate(json(event)));
      case "neighbours" -> Optional.of(neighbours(json(event)));
      default -> Optional.empty();
    };
  }

  private static Order revalidate(JsonNode data) {
    JsonNode revision = data.path("revision");
    if (!revision.isIntegralNumber() || !revision.canConvertToLong()) {
      throw new IllegalArgumentException("revalidate: expected a revision, found " + revision);
    }
    return new Revalidate(new Revision(revision.longValue()));
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
