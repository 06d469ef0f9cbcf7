package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.flowlog.FlowLog;
import io.fynbos.controller.flowlog.FlowLogFile;
import io.fynbos.controller.metrics.Metrics;
import io.fynbos.controller.reconcile.EdgeTables;
import io.fynbos.controller.reconcile.Fleet;
import io.fynbos.controller.rules.HitCounters;
import io.fynbos.controller.rules.RuleNames;
import io.fynbos.controller.store.Store;
import io.fynbos.policy.SeededIds;
import io.fynbos.policy.decide.Command.ReleaseNumbers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A controller with its API on a free port of the loopback, for tests over real HTTP. */
public final class RunningApi implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Store store;
  private final Metrics metrics = new Metrics();
  private final Controller controller;
  private final Fleet fleet;
  private final ApiServer server;
  private final RuleNames rules;
  private final Path directory;
  private final FlowLogFile file;

  /** An answer; {@link #json} reads its body. */
  public record Answer(int status, HttpResponse<String> response) {
    public String body() {
      return response.body();
    }

    public JsonNode json() {
      try {
        return JSON.readTree(body());
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + body(), e);
      }
    }

    public Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    public String type() {
      return json().path("type").asText();
    }

    @Override
    public String toString() {
      return status + " " + body();
    }
  }

  public RunningApi(Store store) {
    this(store, Optional.empty(), EventStream.Pace.DEFAULT);
  }

  /** With HTTPS, or with other times for streams. */
  public RunningApi(Store store, Optional<ApiServer.Tls> tls, EventStream.Pace streams) {
    this.store = store;
    controller = new Controller(store, new SeededIds(1), metrics);
    rules = new RuleNames(controller.image());
    HitCounters hits = new HitCounters(rules, InstantSource.system());
    controller.subscribe(rules);
    controller.subscribe(hits);
    fleet =
        new Fleet(
            controller.image(),
            new EdgeTables(),
            metrics,
            hits::observe,
            Fleet.Pace.DEFAULT,
            1,
            applied -> controller.submit(new ReleaseNumbers(applied)));
    controller.subscribe(fleet);
    metrics.watch(controller);
    metrics.watch(fleet.progress(), controller);
    metrics.watch(hits);
    directory = newDirectory();
    file = FlowLogFile.in(directory, FlowLogFile.Limits.DEFAULT, metrics);
    FlowLog flowLog = new FlowLog(controller::image, rules, file, metrics, InstantSource.system());
    server =
        ApiServer.start(
            new ApiServer.Listen(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                Set.of("fynbos.example"),
                tls,
                streams),
            new Backend(controller, fleet, store, rules, hits, flowLog, metrics));
    controller.start();
  }

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory("fynbos-api");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the flow log is written. */
  public Path directory() {
    return directory;
  }

  public Controller controller() {
    return controller;
  }

  public RuleNames rules() {
    return rules;
  }

  public Fleet fleet() {
    return fleet;
  }

  public InetSocketAddress address() {
    return server.addresses().get(0);
  }

  public String url() {
    return "http://127.0.0.1:" + address().getPort();
  }

  public Answer get(String path, String... headers) {
    return send("GET", path, new byte[0], headers);
  }

  public Answer put(String path, String body, String... headers) {
    return send("PUT", path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  public Answer post(String path, String body, String... headers) {
    return send("POST", path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  public Answer delete(String path, String... headers) {
    return send("DELETE", path, new byte[0], headers);
  }

  /** Sends a request; headers are names and values in turn. */
  public Answer send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(url() + path))
            .timeout(Duration.ofSeconds(30))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<String> response = client.send(builder.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The lines of a stream of events. */
  public Stream<String> stream(String path, String... headers) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url() + path));
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    try {
      return client.send(builder.build(), BodyHandlers.ofLines()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.close();
    fleet.close();
    controller.close();
    file.close();
    metrics.close();
    store.close();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path written : files.toList()) {
        Files.delete(written);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
