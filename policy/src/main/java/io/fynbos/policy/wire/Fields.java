package io.fynbos.policy.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.wire.WireError.Fault;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of an object. Those that were never asked for are unknown, which {@link #done}
 * refuses.
 */
final class Fields {
  private final ObjectNode node;
  private final String path;
  private final Set<String> known = new LinkedHashSet<>();

  Fields(ObjectNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /** Reads one element. */
  interface Reading<T> {
    T read(At at) throws WireError;
  }

  At self() {
    return new At(node, path);
  }

  String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  Optional<At> optional(String name) {
    known.add(name);
    JsonNode value = node.get(name);
    return value == null ? Optional.empty() : Optional.of(new At(value, path(name)));
  }

  At required(String name) throws WireError {
    Optional<At> at = optional(name);
    if (at.isEmpty()) {
      throw misspelt(name)
          .map(
              slip ->
                  new WireError(
                      Fault.UNKNOWN_FIELD, path(slip), "the field " + name, "an unknown field"))
          .orElseGet(() -> new WireError(Fault.MISSING_FIELD, path(name), "this field", "nothing"));
    }
    return at.get();
  }

  /** A field nobody asked for yet that looks like the missing one: the writer's likely slip. */
  private Optional<String> misspelt(String missing) {
    Iterator<String> names = node.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name) && Spelling.close(name, missing)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  <T> Optional<T> optional(String name, Reading<T> reading) throws WireError {
    Optional<At> at = optional(name);
    return at.isEmpty() ? Optional.empty() : Optional.of(reading.read(at.get()));
  }

  <T> T required(String name, Reading<T> reading) throws WireError {
    return reading.read(required(name));
  }

  /** The elements of a list; none when the field is absent. */
  <T> List<T> list(String name, int max, Reading<T> reading) throws WireError {
    Optional<At> at = optional(name);
    return at.isEmpty() ? List.of() : each(at.get().list(max), reading);
  }

  /**
   * The elements of a list that is absent (then none) or has some; {@code ifAbsent} says what
   * absence means.
   */
  <T> List<T> listNotEmpty(String name, int max, String ifAbsent, Reading<T> reading)
      throws WireError {
    Optional<At> at = optional(name);
    return at.isEmpty() ? List.of() : each(at.get().listNotEmpty(max, ifAbsent), reading);
  }

  private static <T> List<T> each(List<At> elements, Reading<T> reading) throws WireError {
    List<T> values = new ArrayList<>(elements.size());
    for (At element : elements) {
      values.add(reading.read(element));
    }
    return values;
  }

  /** Knows these fields too, whatever they hold. */
  void allow(Iterable<String> names) {
    names.forEach(known::add);
  }

  /** Refuses fields that nobody asked for. */
  void done() throws WireError {
    Iterator<String> names = node.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new WireError(
            Fault.UNKNOWN_FIELD,
            path(name),
            "one of the fields " + String.join(", ", known),
            "an unknown field");
      }
    }
  }
}
