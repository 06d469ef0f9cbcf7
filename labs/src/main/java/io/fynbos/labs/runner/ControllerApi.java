package io.fynbos.labs.runner;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fynbos.labs.net.Namespace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The API of a lab's controller, called from inside the controller's namespace: every thread of the
 * client lives there.
 */
public final class ControllerApi implements AutoCloseable {
  static final int PORT = 8181;

  /** Calls in flight at once; more wait. */
  private static final int CALLS = 8;

  /** What the HTTP client itself needs; it must never wait for a caller. */
  private static final int CLIENT_THREADS = 2;

  private static final int PAGE = 500;
  private static final String DATA = "data:";
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(15);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ThreadPoolExecutor calls;
  private final ThreadPoolExecutor clientThreads;
  private final HttpClient client;

  public ControllerApi(Namespace controller) {
    this.calls = pool(controller, CALLS);
    this.clientThreads = pool(controller, CLIENT_THREADS);
    this.client =
        inside(
            () ->
                HttpClient.newBuilder()
                    .executor(clientThreads)
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_LIMIT)
                    .build());
  }

  private static ThreadPoolExecutor pool(Namespace namespace, int threads) {
    return new ThreadPoolExecutor(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        namespace.threads("api"));
  }

  /** A status and a JSON body; the body is a missing node when there was none. */
  public record Answer(int status, JsonNode body) {

    /** Whether the call did what it asked for. */
    public boolean done() {
      return status / 100 == 2;
    }

    /** The number a change answers. */
    public long revision() {
      return body.path("revision").asLong();
    }
  }

  /**
   * One call.
   *
   * @throws ControllerGone when there is no answer at all
   */
  public Answer call(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path))
            .timeout(CALL_LIMIT)
            .header("content-type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return inside(
        () -> {
          try {
            var response = client.send(request, BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
          } catch (JacksonException e) {
            throw new LabException(method + " " + path + " answered no JSON", e);
          } catch (IOException e) {
            throw new ControllerGone(e);
          }
        });
  }

  /** The data of every server-sent event that this path answers before it ends. */
  public List<JsonNode> events(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path))
            .timeout(CALL_LIMIT)
            .header("accept", "text/event-stream")
            .build();
    return inside(
        () -> {
          try {
            List<JsonNode> events = new ArrayList<>();
            String body = client.send(request, BodyHandlers.ofString()).body();
            for (String line : body.lines().toList()) {
              if (line.startsWith(DATA)) {
                events.add(JSON.readTree(line.substring(DATA.length())));
              }
            }
            return events;
          } catch (JacksonException e) {
            throw new LabException("GET " + path + " sent an event that is no JSON", e);
          } catch (IOException e) {
            throw new ControllerGone(e);
          }
        });
  }

  public Answer read(String path) {
    return call("GET", path, "");
  }

  /** The controller does not answer. */
  public static final class ControllerGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ControllerGone(IOException cause) {
      super("the controller does not answer: " + cause.getMessage(), cause);
    }
  }

  /** Whether the controller answers now. */
  public boolean answers() {
    try {
      return read("/v1/universes").done();
    } catch (ControllerGone notYet) {
      return false;
    }
  }

  /** Changes something; a refusal is thrown with the controller's own words. */
  public long change(String method, String path, String body) {
    Answer answer = call(method, path, body);
    if (!answer.done()) {
      throw new LabException(
          "%s %s was refused (%d): %s".formatted(method, path, answer.status(), answer.body()));
    }
    return answer.revision();
  }

  /** Applies these documents, a JSON array, all or nothing. */
  public long apply(String documents) {
    return change("POST", "/v1/apply", documents);
  }

  /** The newest revision; every collection says which one it shows. */
  public long latestRevision() {
    return read("/v1/bindings?limit=1").revision();
  }

  /** All items of a collection, page by page. */
  public List<JsonNode> collection(String path) {
    List<JsonNode> items = new ArrayList<>();
    String after = "";
    while (true) {
      Answer page = read(path + "?limit=" + PAGE + (after.isEmpty() ? "" : "&after=" + after));
      if (page.status() == 404) {
        return items;
      }
      if (!page.done()) {
        throw new LabException("GET " + path + " was refused: " + page.body());
      }
      page.body().path("items").forEach(items::add);
      Optional<String> next =
          Optional.ofNullable(page.body().path("next").textValue()).filter(key -> !key.isEmpty());
      if (next.isEmpty()) {
        return items;
      }
      after = next.get();
    }
  }

  /** One object, when it is there. */
  public Optional<JsonNode> object(String path) {
    Answer answer = read(path);
    return answer.done() ? Optional.of(answer.body()) : Optional.empty();
  }

  /**
   * Waits until every host that can be reached has applied this revision.
   *
   * @return what the controller says of it in the end
   */
  public JsonNode awaitApplied(long revision, Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (true) {
      Answer answer = read("/v1/revisions/" + revision + "?wait=5s");
      if (answer.body().path("applied").asBoolean() || System.nanoTime() > deadline) {
        return answer.body();
      }
    }
  }

  private <T> T inside(Callable<T> action) {
    try {
      return calls.submit(action).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  @Override
  public void close() {
    calls.shutdownNow();
    clientThreads.shutdownNow();
  }
}
