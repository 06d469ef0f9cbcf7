package io.fynbos.controller.api;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that matched a route.
 *
 * @param context Armeria's view of it
 * @param http its headers and body
 * @param path the variables of the path
 * @param query the query parameters, each at most once
 */
record Request(
    ServiceRequestContext context,
    HttpRequest http,
    Map<String, String> path,
    Map<String, String> query) {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");

  String variable(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no variable " + name + ": " + path);
    }
    return value;
  }

  Optional<String> header(CharSequence name) {
    return Optional.ofNullable(http.headers().get(name));
  }

  /** The whole body; its size is bounded by the server. */
  CompletableFuture<byte[]> body() {
    return http.aggregate().thenApply(AggregatedHttpRequest::content).thenApply(c -> c.array());
  }

  /** A number of the query, or what holds when it is absent. */
  long number(String parameter, long absent, long min, long max) {
    String text = query.get(parameter);
    if (text == null) {
      return absent;
    }
    if (text.matches("[0-9]{1,18}")) {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw invalid(parameter, text, "a whole number from " + min + " to " + max);
  }

  /** A time of the query such as {@code 10s}, {@code 500ms} or {@code 1m}. */
  Duration duration(String parameter, Duration absent, Duration max) {
    String text = query.get(parameter);
    if (text == null) {
      return absent;
    }
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      Duration value =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
          };
      if (value.compareTo(max) <= 0) {
        return value;
      }
    }
    throw invalid(parameter, text, "a time such as 10s or 500ms, at most " + max.toSeconds() + "s");
  }

  /** A switch of the query: {@code true} or {@code false}. */
  boolean flag(String parameter) {
    String text = query.getOrDefault(parameter, "false");
    return switch (text) {
      case "true", "" -> true;
      case "false" -> false;
      default -> throw invalid(parameter, text, "true or false");
    };
  }

  static Problem.Refused invalid(String parameter, String text, String expected) {
    return Problem.at(
            400,
            "invalid-parameter",
            "?" + parameter,
            "the query parameter " + parameter + " is " + Text.quoted(text) + "; give " + expected)
        .refused();
  }
}
