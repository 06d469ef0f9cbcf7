package io.fynbos.agent.link;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/** Calls to the controller over HTTP/1.1, with their deadlines and bounds. */
public final class ControllerApi {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int BODY_BYTES_MAX = 4 << 20;

  /** An answer's status and JSON body; the body is missing where there was none. */
  public record Answer(int status, JsonNode body) {
    /** Whether the controller did what was asked. */
    public boolean done() {
      return status / 100 == 2;
    }

    /** Whether the same will be refused again: asking once more is of no use. */
    public boolean refused() {
      return status / 100 == 4 && status != 408 && status != 429;
    }
  }

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client;
  private final URI base;

  /** Calls go to paths below {@code base}; the executor runs the client's own small tasks. */
  public ControllerApi(URI base, Executor executor) {
    String text = base.toString();
    this.base = text.endsWith("/") ? base : URI.create(text + "/");
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .executor(executor);
    this.client =
        "http".equals(base.getScheme()) ? builder.sslContext(new NoTls()).build() : builder.build();
  }

  /** Sends a body with PUT or POST; fails when there is no answer, whatever the reason. */
  public CompletableFuture<Answer> send(String method, String path, JsonNode body) {
    try {
      return send(method, path, mapper.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain nodes was not written", e);
    }
  }

  /** Sends a body that is JSON already. */
  public CompletableFuture<Answer> send(String method, String path, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return client
        .sendAsync(request, info -> new BoundedBody(BODY_BYTES_MAX))
        .thenApply(response -> new Answer(response.statusCode(), parse(response.body())));
  }

  /**
   * Opens a stream of server-sent events; the subscriber gets the bytes of a stream that was
   * granted, the future the status, at the end.
   */
  public CompletableFuture<HttpResponse<Void>> stream(
      String path, Flow.Subscriber<List<ByteBuffer>> subscriber) {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(ANSWER)
            .header("Accept", "text/event-stream")
            .GET()
            .build();
    return client.sendAsync(
        request,
        info ->
            info.statusCode() == 200
                ? BodySubscribers.fromSubscriber(subscriber)
                : BodySubscribers.replacing(null));
  }

  private JsonNode parse(byte[] body) {
    if (body.length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return mapper.readTree(body);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
