package io.fynbos.agent.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fynbos.openflow.session.OpenFlowServer;
import io.fynbos.openflow.session.SessionLimits;
import io.fynbos.openflow.session.SwitchListener;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.openflow.wire.FlowStats;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A controller as an agent and its switch see it: the host's part of the HTTP API, and an OpenFlow
 * server that counts what each switch holds when it connects. It can go away and come back on the
 * same ports.
 */
public final class ControllerPeer implements AutoCloseable {
  private final ObjectMapper mapper = new ObjectMapper();
  private final int httpPort = freePort();
  private final int openFlowPort = freePort();
  private final List<JsonNode> registrations = new CopyOnWriteArrayList<>();
  private final List<JsonNode> bindings = new CopyOnWriteArrayList<>();
  private final List<Long> applied = new CopyOnWriteArrayList<>();
  private final List<OutputStream> streams = new CopyOnWriteArrayList<>();
  private final List<Integer> flowsFound = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final Map<String, List<JsonNode>> posted = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
  private volatile Map<String, Integer> statuses = Map.of();
  private volatile Optional<SwitchSession> session = Optional.empty();
  private Optional<HttpServer> http = Optional.empty();
  private Optional<OpenFlowServer> openFlow = Optional.empty();
  private Optional<ExecutorService> threads = Optional.empty();

  /** Starts, or starts again; nothing happens when it runs. */
  public ControllerPeer start() {
    if (http.isPresent()) {
      return this;
    }
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort), 16);
      ExecutorService executor = Executors.newCachedThreadPool();
      server.setExecutor(executor);
      server.createContext("/", this::handle);
      server.start();
      http = Optional.of(server);
      threads = Optional.of(executor);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    openFlow =
        Optional.of(
            OpenFlowServer.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), openFlowPort),
                Optional.empty(),
                SessionLimits.DEFAULT,
                new Ears()));
    return this;
  }

  /** Goes away without a word. */
  public void stop() {
    http.ifPresent(server -> server.stop(0));
    http = Optional.empty();
    threads.ifPresent(ExecutorService::shutdownNow);
    threads = Optional.empty();
    openFlow.ifPresent(OpenFlowServer::close);
    openFlow = Optional.empty();
    session = Optional.empty();
    streams.clear();
  }

  @Override
  public void close() {
    stop();
  }

  /** The API's address. */
  public URI api() {
    return URI.create("http://127.0.0.1:" + httpPort);
  }

  /** The OpenFlow target. */
  public String openFlowTarget() {
    return "tcp:127.0.0.1:" + openFlowPort;
  }

  /** The next calls, so many, are answered with 503. */
  public void refuse(int calls) {
    refusals.set(calls);
  }

  /** From now on calls of this path below a host are answered with that status, and forgotten. */
  public void answer(String below, int status) {
    statuses = Map.of(below, status);
  }

  /** From now on every call is taken again. */
  public void answerAll() {
    statuses = Map.of();
  }

  /** How many calls of a path below a host were answered so. */
  public int refused(String below) {
    return refused.computeIfAbsent(below, path -> new AtomicInteger()).get();
  }

  /** What was posted to a path below a host, such as {@code flow-log}, in order. */
  public List<JsonNode> posted(String below) {
    return posted.computeIfAbsent(below, path -> new CopyOnWriteArrayList<>());
  }

  /** Sends an event to every agent that listens. */
  public void order(String type, String data) {
    streams.removeIf(
        stream -> {
          try {
            write(stream, "event: " + type + "\ndata: " + data + "\n\n");
            return false;
          } catch (IOException gone) {
            return true;
          }
        });
  }

  /** How many streams of orders are open. */
  public int listeners() {
    return streams.size();
  }

  /** What agents registered as, in order. */
  public List<JsonNode> registrations() {
    return registrations;
  }

  /** The sets of bindings that were reported, in order. */
  public List<JsonNode> bindings() {
    return bindings;
  }

  /** The last set of bindings, by id, as {@code id=ofport}. */
  public List<String> bound() {
    if (bindings.isEmpty()) {
      return List.of();
    }
    List<String> bound = new CopyOnWriteArrayList<>();
    bindings
        .get(bindings.size() - 1)
        .path("bindings")
        .forEach(b -> bound.add(b.path("id").asText() + "=" + b.path("ofport").asInt()));
    return bound;
  }

  /** The revisions reported as applied. */
  public List<Long> applied() {
    return applied;
  }

  /** The session with the switch. */
  public Optional<SwitchSession> session() {
    return session.filter(SwitchSession::open);
  }

  /** For each time a switch connected, how many of the controller's flows it held. */
  public List<Integer> flowsFound() {
    return flowsFound;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      exchange.sendResponseHeaders(503, -1);
      exchange.close();
    } else if (statuses.containsKey(below(path))) {
      exchange.sendResponseHeaders(statuses.getOrDefault(below(path), 500), -1);
      exchange.close();
      refused.computeIfAbsent(below(path), key -> new AtomicInteger()).incrementAndGet();
    } else if (path.endsWith("/orders")) {
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      write(exchange.getResponseBody(), ": hello\n\n");
      streams.add(exchange.getResponseBody());
    } else {
      JsonNode json = mapper.readTree(body);
      if (path.endsWith("/bindings")) {
        bindings.add(json);
      } else if (path.endsWith("/applied")) {
        applied.add(json.path("revision").asLong());
      } else if (below(path).isEmpty()) {
        registrations.add(json);
      } else {
        posted(below(path)).add(json);
      }
      byte[] answer = "{\"revision\":1}".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    }
  }

  /** What follows {@code /v1/hosts/NAME/}; nothing for the host itself. */
  private static String below(String path) {
    String[] parts = path.split("/", 5);
    return parts.length == 5 ? parts[4] : "";
  }

  private static void write(OutputStream stream, String text) throws IOException {
    stream.write(text.getBytes(StandardCharsets.UTF_8));
    stream.flush();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean controllers(FlowStats stats) {
    return stats.flow().cookie() >>> 56 == 1;
  }

  private final class Ears implements SwitchListener {
    @Override
    public void connected(SwitchSession connected) {
      var unused =
          connected
              .flows()
              .thenAccept(
                  flows -> {
                    flowsFound.add(
                        (int) flows.stream().filter(ControllerPeer::controllers).count());
                    session = Optional.of(connected);
                  });
    }
  }
}
