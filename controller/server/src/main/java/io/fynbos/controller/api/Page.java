package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.model.Revision;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A part of a collection: {@code {"revision", "items": […], "next": name}}; {@code next} is there
 * when more follow, and is what {@code after} takes.
 */
final class Page {

  static final Set<String> QUERY = Set.of("limit", "after");

  private static final int LIMIT = 100;
  private static final int LIMIT_MAX = 1_000;

  private Page() {}

  static int limit(Request request) {
    return (int) request.number("limit", LIMIT, 1, LIMIT_MAX);
  }

  static Optional<String> after(Request request) {
    return Optional.ofNullable(request.query().get("after"));
  }

  /**
   * One page.
   *
   * @param keys what comes after {@code after}, in order
   */
  static <K> ObjectNode of(
      Revision revision,
      Iterator<K> keys,
      int limit,
      Function<K, JsonNode> item,
      Function<K, String> name) {
    ObjectNode page = Json.object().put("revision", revision.number());
    ArrayNode items = page.putArray("items");
    Optional<K> last = Optional.empty();
    while (keys.hasNext()) {
      if (items.size() == limit) {
        last.ifPresent(key -> page.put("next", name.apply(key)));
        break;
      }
      K key = keys.next();
      items.add(item.apply(key));
      last = Optional.of(key);
    }
    return page;
  }
}
