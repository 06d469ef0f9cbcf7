package io.fynbos.controller.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * Finds the route of a request and refuses what no route takes: unknown paths (404), methods (405),
 * query parameters (400) and wishes for media types that are not made here (406).
 */
final class Router implements HttpService {

  private final List<Route> routes;
  private final Gatekeeper gatekeeper;
  private final Requests requests;

  /** Counts what was answered; the template is that of the route, or {@code none}. */
  interface Requests {
    void answered(String method, String template, int status, long nanos);
  }

  Router(List<Route> routes, Gatekeeper gatekeeper, Requests requests) {
    this.routes = List.copyOf(routes);
    this.gatekeeper = gatekeeper;
    this.requests = requests;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest http) {
    long begin = System.nanoTime();
    String[] template = {"none"};
    var unused =
        context
            .log()
            .whenComplete()
            .thenAccept(
                log ->
                    requests.answered(
                        http.method().name(),
                        template[0],
                        log.responseHeaders().status().code(),
                        System.nanoTime() - begin));
    try {
      gatekeeper.check(http);
      return route(context, http, template);
    } catch (RuntimeException e) {
      return Failures.response(context, e);
    }
  }

  private HttpResponse route(ServiceRequestContext context, HttpRequest http, String[] template) {
    List<String> segments = Route.segments(context.path());
    SortedSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> variables = route.match(segments);
      if (variables.isEmpty()) {
        continue;
      }
      template[0] = route.template();
      allowed.add(route.method().name());
      if (route.method() == HttpMethod.GET) {
        allowed.add(HttpMethod.HEAD.name());
      }
      boolean head = http.method() == HttpMethod.HEAD && route.method() == HttpMethod.GET;
      if (http.method() == route.method() || head) {
        return answer(route, context, http, variables.get());
      }
    }
    if (allowed.isEmpty()) {
      throw Problem.of(404, "unknown-path", "the API has no path " + Text.quoted(context.path()))
          .refused();
    }
    String allow = String.join(", ", allowed);
    if (http.method() == HttpMethod.OPTIONS) {
      return HttpResponse.of(
          ResponseHeaders.builder(HttpStatus.NO_CONTENT).set(HttpHeaderNames.ALLOW, allow).build());
    }
    throw Problem.of(
            405,
            "method-not-allowed",
            "this path does not take " + http.method() + "; it takes " + allow)
        .with("allow", allow)
        .refused();
  }

  private static HttpResponse answer(
      Route route, ServiceRequestContext context, HttpRequest http, Map<String, String> variables) {
    if (!accepts(http, route.produces())) {
      throw Problem.of(
              406,
              "not-acceptable",
              "this call answers with " + route.produces().nameWithoutParameters())
          .refused();
    }
    Request request = new Request(context, http, variables, query(route, context));
    CompletionStage<HttpResponse> stage =
        route
            .handler()
            .handle(request)
            .exceptionally(failure -> Failures.response(context, failure));
    return HttpResponse.of(stage);
  }

  private static Map<String, String> query(Route route, ServiceRequestContext context) {
    QueryParams given = context.queryParams();
    Map<String, String> query = new TreeMap<>();
    for (String name : given.names()) {
      if (!route.query().contains(name)) {
        String known =
            route.query().isEmpty()
                ? "this call takes none"
                : "this call takes " + String.join(", ", new TreeSet<>(route.query()));
        throw Problem.at(
                400,
                "unknown-parameter",
                "?" + Text.quoted(name),
                "there is no query parameter " + Text.quoted(name) + "; " + known)
            .refused();
      }
      List<String> values = given.getAll(name);
      if (values.size() > 1) {
        throw Problem.at(
                400,
                "duplicate-parameter",
                "?" + name,
                "the query parameter " + name + " was given " + values.size() + " times")
            .refused();
      }
      query.put(name, values.get(0));
    }
    return query;
  }

  /**
   * Whether an Accept header lets this type through; an absent or unreadable one lets all through.
   */
  private static boolean accepts(HttpRequest http, MediaType type) {
    List<MediaType> accepted = http.headers().accept();
    return accepted.isEmpty()
        || accepted.stream()
            .anyMatch(range -> type.withoutParameters().belongsTo(range.withoutParameters()));
  }
}
