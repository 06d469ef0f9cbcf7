package io.fynbos.agent.ovsdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** RFC 7047 §5.1: the JSON forms of atoms, sets and maps, read from a row and written into one. */
public final class Values {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Values() {}

  /** A column that holds exactly one string. */
  static String text(JsonNode row, String column) throws OvsdbException {
    return optionalText(row, column)
        .orElseThrow(() -> new OvsdbException(column + ": expected a string, found nothing"));
  }

  /** A column that holds at most one string. */
  static Optional<String> optionalText(JsonNode row, String column) throws OvsdbException {
    List<JsonNode> atoms = atoms(row, column);
    if (atoms.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(string(column, single(column, atoms)));
  }

  /** A column that holds at most one integer. */
  static OptionalLong integer(JsonNode row, String column) throws OvsdbException {
    List<JsonNode> atoms = atoms(row, column);
    if (atoms.isEmpty()) {
      return OptionalLong.empty();
    }
    JsonNode atom = single(column, atoms);
    if (!atom.isIntegralNumber() || !atom.canConvertToLong()) {
      throw new OvsdbException(column + ": expected an integer, found " + atom);
    }
    return OptionalLong.of(atom.longValue());
  }

  /** A column that holds exactly one boolean. */
  static boolean flag(JsonNode row, String column) throws OvsdbException {
    JsonNode atom = single(column, atoms(row, column));
    if (!atom.isBoolean()) {
      throw new OvsdbException(column + ": expected a boolean, found " + atom);
    }
    return atom.booleanValue();
  }

  /** A column that holds a set of strings. */
  static SortedSet<String> strings(JsonNode row, String column) throws OvsdbException {
    SortedSet<String> strings = new TreeSet<>();
    for (JsonNode atom : atoms(row, column)) {
      strings.add(string(column, atom));
    }
    return Collections.unmodifiableSortedSet(strings);
  }

  /** A column that holds a set of references. */
  static SortedSet<UUID> uuids(JsonNode row, String column) throws OvsdbException {
    SortedSet<UUID> uuids = new TreeSet<>();
    for (JsonNode atom : atoms(row, column)) {
      uuids.add(uuid(column, atom));
    }
    return Collections.unmodifiableSortedSet(uuids);
  }

  /** A column that maps strings to strings. */
  static SortedMap<String, String> map(JsonNode row, String column) throws OvsdbException {
    JsonNode value = present(row, column);
    if (!tagged(value, "map") || !value.get(1).isArray()) {
      throw new OvsdbException(column + ": expected a map, found " + value);
    }
    SortedMap<String, String> map = new TreeMap<>();
    for (JsonNode pair : value.get(1)) {
      if (!pair.isArray() || pair.size() != 2) {
        throw new OvsdbException(column + ": expected a pair, found " + pair);
      }
      map.put(string(column, pair.get(0)), string(column, pair.get(1)));
    }
    return Collections.unmodifiableSortedMap(map);
  }

  /** Reads {@code ["uuid", "…"]}. */
  static UUID uuid(String column, JsonNode atom) throws OvsdbException {
    if (tagged(atom, "uuid") && atom.get(1).isTextual()) {
      return uuid(column, atom.get(1).textValue());
    }
    throw new OvsdbException(column + ": expected a uuid, found " + atom);
  }

  /** Reads a UUID's text form, which must be the whole of it. */
  static UUID uuid(String column, String text) throws OvsdbException {
    if (text.length() == 36) {
      try {
        return UUID.fromString(text);
      } catch (IllegalArgumentException e) {
        throw new OvsdbException(column + ": expected a uuid, found " + text);
      }
    }
    throw new OvsdbException(column + ": expected a uuid, found " + text);
  }

  /** {@code ["uuid", "…"]}. */
  public static JsonNode uuid(UUID uuid) {
    return NODES.arrayNode().add("uuid").add(uuid.toString());
  }

  /** {@code ["named-uuid", "…"]}: the row that the same transaction inserts under that name. */
  public static JsonNode named(String name) {
    return NODES.arrayNode().add("named-uuid").add(name);
  }

  /** {@code ["set", […]]} of strings. */
  public static JsonNode set(Collection<String> strings) {
    ArrayNode members = NODES.arrayNode();
    strings.forEach(members::add);
    return NODES.arrayNode().add("set").add(members);
  }

  /** {@code ["set", […]]} of references. */
  public static JsonNode references(Collection<JsonNode> references) {
    ArrayNode members = NODES.arrayNode();
    members.addAll(references);
    return NODES.arrayNode().add("set").add(members);
  }

  /** {@code ["map", [[…, …], …]]}. */
  public static JsonNode map(Map<String, String> map) {
    ArrayNode pairs = NODES.arrayNode();
    map.forEach((key, value) -> pairs.add(NODES.arrayNode().add(key).add(value)));
    return NODES.arrayNode().add("map").add(pairs);
  }

  private static JsonNode present(JsonNode row, String column) throws OvsdbException {
    JsonNode value = row.get(column);
    if (value == null) {
      throw new OvsdbException(column + ": column is missing");
    }
    return value;
  }

  private static List<JsonNode> atoms(JsonNode row, String column) throws OvsdbException {
    JsonNode value = present(row, column);
    if (!tagged(value, "set")) {
      return List.of(value);
    }
    if (!value.get(1).isArray()) {
      throw new OvsdbException(column + ": expected a set, found " + value);
    }
    List<JsonNode> atoms = new ArrayList<>(value.get(1).size());
    value.get(1).forEach(atoms::add);
    return atoms;
  }

  private static JsonNode single(String column, List<JsonNode> atoms) throws OvsdbException {
    if (atoms.size() != 1) {
      throw new OvsdbException(column + ": expected one value, found " + atoms.size());
    }
    return atoms.get(0);
  }

  private static String string(String column, JsonNode atom) throws OvsdbException {
    if (!atom.isTextual()) {
      throw new OvsdbException(column + ": expected a string, found " + atom);
    }
    return atom.textValue();
  }

  private static boolean tagged(JsonNode value, String tag) {
    return value.isArray()
        && value.size() == 2
        && value.get(0).isTextual()
        && value.get(0).textValue().equals(tag);
  }
}
