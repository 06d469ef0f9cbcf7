package io.fynbos.controller.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The controller's HTTP API, seen from a client. Every refusal becomes a {@link ClientFailure}. */
final class Api {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  private final URI base;
  private final HttpClient http;

  Api(String url, Trust trust) {
    try {
      String trimmed = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
      base = new URI(trimmed);
    } catch (URISyntaxException e) {
      throw new ClientFailure(notAnAddress(url));
    }
    String scheme = base.getScheme() == null ? "" : base.getScheme();
    if (base.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new ClientFailure(notAnAddress(url));
    }
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT);
    http = trust.isEmpty() ? builder.build() : builder.sslContext(trust.context()).build();
  }

  private static String notAnAddress(String url) {
    return "\""
        + url
        + "\" is not the address of a controller; give one such as "
        + ClientMain.DEFAULT_API;
  }

  JsonNode get(String path) {
    return send(request(path, ANSWER_TIMEOUT).GET());
  }

  JsonNode get(String path, Duration patience) {
    return send(request(path, ANSWER_TIMEOUT.plus(patience)).GET());
  }

  JsonNode post(String path, String contentType, byte[] body) {
    return send(
        request(path, ANSWER_TIMEOUT)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** The lines of a stream of server-sent events, until the server or the user ends it. */
  InputStream stream(String path) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).build();
    HttpResponse<InputStream> response = exchange(request, BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      try (InputStream body = response.body()) {
        throw refusal(response.statusCode(), body.readAllBytes());
      }
    }
    return response.body();
  }

  private HttpRequest.Builder request(String path, Duration timeout) {
    return HttpRequest.newBuilder(uri(path)).timeout(timeout);
  }

  private URI uri(String path) {
    return URI.create(base + path);
  }

  private JsonNode send(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    try {
      HttpResponse<byte[]> response = exchange(request, BodyHandlers.ofByteArray());
      if (response.statusCode() / 100 != 2) {
        throw refusal(response.statusCode(), response.body());
      }
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new ClientFailure(base + " answers, but not as a Fynbos controller does");
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return http.send(request, handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientFailure("interrupted");
    }
  }

  ClientFailure unreachable(IOException cause) {
    String reason = cause.getMessage() == null ? "no connection" : cause.getMessage();
    return new ClientFailure(
        "no controller answers at "
            + base
            + " ("
            + reason
            + "); start one with `fynbos controller`, or name another with FYNBOS_API");
  }

  /** Reads a problem+json body; whatever else comes back is shown by its status. */
  private static ClientFailure refusal(int status, byte[] body) {
    try {
      JsonNode problem = JSON.readTree(body);
      if (problem.hasNonNull("detail")) {
        String field =
            problem.hasNonNull("field") ? "\n  at: " + problem.get("field").asText() : "";
        String type = problem.path("type").asText("refused");
        return new ClientFailure(problem.get("detail").asText() + " [" + type + "]" + field);
      }
    } catch (IOException e) {
      // Not a problem document: the status has to do.
    }
    return new ClientFailure("the controller answered with HTTP status " + status);
  }
}
