package io.fynbos.controller.api;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * One call of the API as data.
 *
 * @param method the method; a GET answers HEAD too
 * @param template the path, with variables in braces: {@code /v1/universes/{universe}}
 * @param query the query parameters it knows; any other is refused
 * @param produces what a success answers with; a client that accepts none of it gets 406
 * @param handler does the work
 */
record Route(
    HttpMethod method, String template, Set<String> query, MediaType produces, Handler handler) {

  /** Answers one request; may throw {@link Problem.Refused}, also inside the stage. */
  interface Handler {
    CompletionStage<HttpResponse> handle(Request request);
  }

  static Route get(String template, Set<String> query, Handler handler) {
    return new Route(HttpMethod.GET, template, query, MediaType.JSON, handler);
  }

  static Route put(String template, Handler handler) {
    return new Route(HttpMethod.PUT, template, Set.of(), MediaType.JSON, handler);
  }

  static Route post(String template, Set<String> query, Handler handler) {
    return new Route(HttpMethod.POST, template, query, MediaType.JSON, handler);
  }

  static Route delete(String template, Handler handler) {
    return new Route(HttpMethod.DELETE, template, Set.of(), MediaType.JSON, handler);
  }

  Route producing(MediaType type) {
    return new Route(method, template, query, type, handler);
  }

  /** The variables of the path when it fits the template. */
  Optional<Map<String, String>> match(List<String> segments) {
    List<String> parts = segments(template);
    if (parts.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> variables = new TreeMap<>();
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      if (part.startsWith("{")) {
        variables.put(part.substring(1, part.length() - 1), segments.get(i));
      } else if (!part.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }

  static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }
}
