package io.fynbos.agent.link;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Something the controller wants to know; its number comes back with the answer. */
public sealed interface Question {
  /** The number to answer under. */
  long id();

  /** How long after it came an answer is still of use. */
  Duration deadline();

  /** How the switch would forward a packet: {@code ofproto/trace}, with these further words. */
  record Trace(long id, Duration deadline, List<String> words) implements Question {
    public Trace {
      words = List.copyOf(words);
    }
  }

  /** The connections tracked in these zones, so many at the most. */
  record Connections(long id, Duration deadline, List<Integer> zones, int limit)
      implements Question {
    public Connections {
      zones = List.copyOf(zones);
    }
  }

  /** One that cannot be answered, and why. */
  record Refused(long id, Duration deadline, String why) implements Question {}

  /** The most connections of an answer. */
  int CONNECTIONS_MAX = 10_000;

  /** The most zones of a question. */
  int ZONES_MAX = 4_096;

  Duration DEADLINE = Duration.ofSeconds(2);
  Duration DEADLINE_MAX = Duration.ofSeconds(10);

  /**
   * Reads a question; empty when not even its number can be read. What is wrong with it otherwise
   * is said in {@link Refused}.
   */
  static Optional<Question> decode(JsonNode json) {
    JsonNode id = json.path("id");
    if (!id.isIntegralNumber() || !id.canConvertToLong() || id.longValue() < 0) {
      return Optional.empty();
    }
    Duration deadline = DEADLINE;
    try {
      deadline = deadline(json.path("deadlineMillis"));
      String what = json.path("what").asText();
      return Optional.of(
          switch (what) {
            case "trace" -> trace(id.longValue(), deadline, json);
            case "connections" -> connections(id.longValue(), deadline, json);
            default -> throw new IllegalArgumentException("expected trace or connections as what");
          });
    } catch (IllegalArgumentException e) {
      return Optional.of(new Refused(id.longValue(), deadline, String.valueOf(e.getMessage())));
    }
  }

  private static Duration deadline(JsonNode millis) {
    if (millis.isMissingNode()) {
      return DEADLINE;
    }
    return Duration.ofMillis(number(millis, "deadlineMillis", (int) DEADLINE_MAX.toMillis()));
  }

  private static Trace trace(long id, Duration deadline, JsonNode json) {
    List<String> words = new ArrayList<>();
    words.add(TraceWords.flow(json.path("flow").asText()));
    JsonNode next = json.path("ctNext");
    if (next.size() > TraceWords.CT_NEXT_MAX) {
      throw new IllegalArgumentException(
          "ctNext: at most %d, not %d".formatted(TraceWords.CT_NEXT_MAX, next.size()));
    }
    for (JsonNode state : next) {
      words.add("--ct-next");
      words.add(TraceWords.state(state.asText()));
    }
    return new Trace(id, deadline, words);
  }

  private static Connections connections(long id, Duration deadline, JsonNode json) {
    JsonNode universes = json.path("universes");
    if (!universes.isArray() || universes.size() > ZONES_MAX) {
      throw new IllegalArgumentException(
          "universes: expected a list of at most " + ZONES_MAX + " numbers");
    }
    SortedSet<Integer> zones = new TreeSet<>();
    universes.forEach(universe -> zones.add(number(universe, "universes", 0xffff)));
    JsonNode limit = json.path("limit");
    int most = limit.isMissingNode() ? CONNECTIONS_MAX : number(limit, "limit", Integer.MAX_VALUE);
    return new Connections(id, deadline, List.copyOf(zones), Math.min(most, CONNECTIONS_MAX));
  }

  private static int number(JsonNode json, String name, int most) {
    if (!json.isIntegralNumber()
        || !json.canConvertToInt()
        || json.intValue() < 1
        || json.intValue() > most) {
      throw new IllegalArgumentException("%s: expected a number up to %d".formatted(name, most));
    }
    return json.intValue();
  }
}
