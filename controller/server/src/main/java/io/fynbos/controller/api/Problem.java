package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Why a request was not done, as RFC 9457 has it.
 *
 * @param status the HTTP status
 * @param type the fact in kebab-case, such as {@code group-in-use}
 * @param detail what happened and what to do about it, for a person
 * @param field the path of the field that is at fault, such as {@code $.rules[0].action}
 * @param headers headers that the status asks for, such as {@code allow} with 405
 */
record Problem(
    int status, String type, String detail, Optional<String> field, Map<String, String> headers) {

  static final MediaType MEDIA_TYPE = MediaType.create("application", "problem+json");

  Problem {
    headers = new TreeMap<>(headers);
  }

  static Problem of(int status, String type, String detail) {
    return new Problem(status, type, detail, Optional.empty(), Map.of());
  }

  static Problem at(int status, String type, String field, String detail) {
    return new Problem(status, type, detail, Optional.of(field), Map.of());
  }

  static Problem notFound(String what) {
    return of(404, "not-found", "there is no " + what);
  }

  static Problem internal() {
    return of(
        503,
        "internal-error",
        "the controller failed on this request; nothing was acknowledged, the controller's log has"
            + " the reason");
  }

  Problem with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Problem(status, type, detail, field, more);
  }

  /** The type in words: {@code group-in-use} is "Group in use". */
  String title() {
    String words = type.replace('-', ' ');
    return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("type", type).put("title", title()).put("status", status).put("detail", detail);
    field.ifPresent(path -> node.put("field", path));
    return node;
  }

  HttpData body() {
    return HttpData.wrap(Json.bytes(json()));
  }

  ResponseHeaders responseHeaders() {
    ResponseHeadersBuilder builder =
        ResponseHeaders.builder(HttpStatus.valueOf(status)).contentType(MEDIA_TYPE);
    headers.forEach(builder::set);
    return builder.build();
  }

  HttpResponse response() {
    return HttpResponse.of(responseHeaders(), body());
  }

  /** A problem on its way out of a handler; it carries no stack. */
  Refused refused() {
    return new Refused(this);
  }

  @Override
  public String toString() {
    return status + " " + new String(Json.bytes(json()), StandardCharsets.UTF_8);
  }

  /** Ends the handling of a request with a problem. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    private Refused(Problem problem) {
      super(problem.type() + ": " + problem.detail(), null, false, false);
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }
}
