package io.fynbos.agent.unixctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fynbos.agent.jsonrpc.JsonRpcException;
import io.fynbos.agent.jsonrpc.JsonRpcMessage;
import io.fynbos.agent.jsonrpc.JsonRpcSession;
import io.fynbos.agent.jsonrpc.PeerAddress;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands of one daemon, {@code ovs-appctl(8)}. Each command has a connection of its own, as
 * a slow one ({@code revalidator/wait}) must not hold up the others. The socket is found anew each
 * time, since its name holds the daemon's process id unless the daemon was told otherwise.
 */
public final class ControlSocket {
  /** A command's text, or only its beginning. */
  public record Head(String text, boolean whole) {}

  private final EventLoopGroup loop;
  private final Path directory;
  private final String daemon;
  private final Executor executor;

  /** The daemon's sockets are looked for in {@code directory}; results arrive on the executor. */
  public ControlSocket(EventLoopGroup loop, Path directory, String daemon, Executor executor) {
    this.loop = loop;
    this.directory = directory;
    this.daemon = daemon;
    this.executor = executor;
  }

  /**
   * Runs one command and gives its text; fails with {@link JsonRpcException} when the daemon
   * refuses, is not there, or has not answered within the limit.
   */
  public CompletableFuture<String> run(Duration limit, String command, String... arguments) {
    CompletableFuture<String> result = new CompletableFuture<>();
    Path socket;
    try {
      socket = find();
    } catch (IOException e) {
      result.completeExceptionally(new JsonRpcException("no control socket of " + daemon, e));
      return result;
    }
    ArrayNode params = words(List.of(arguments));
    JsonRpcSession.connect(
        loop,
        new PeerAddress.Unix(socket),
        Duration.ZERO,
        new JsonRpcSession.Listener() {
          @Override
          public void opened(JsonRpcSession session) {
            var unusedClosing = result.whenComplete((text, failure) -> session.close());
            var unusedSettling =
                session.call(command, params).whenComplete((reply, e) -> settle(result, reply, e));
          }

          @Override
          public void notified(String method, JsonNode ignored) {}

          @Override
          public void closed(JsonRpcException cause) {
            result.completeExceptionally(cause);
          }
        });
    return result
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .whenCompleteAsync((text, failure) -> {}, executor);
  }

  /**
   * Runs one command like {@link #run}, for a text that may be long: reads so many bytes of the
   * reply and no more.
   */
  public CompletableFuture<Head> head(
      Duration limit, int bytesMax, String command, List<String> arguments) {
    CompletableFuture<Head> result = new CompletableFuture<>();
    try {
      var id = JsonNodeFactory.instance.numberNode(0);
      var request = new JsonRpcMessage.Request(id, command, words(arguments));
      ReplyHead.ask(loop, find(), request, bytesMax, result);
    } catch (IOException e) {
      result.completeExceptionally(new JsonRpcException("no control socket of " + daemon, e));
      return result;
    }
    return result
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .whenCompleteAsync((head, failure) -> {}, executor);
  }

  private static ArrayNode words(List<String> arguments) {
    ArrayNode params = JsonNodeFactory.instance.arrayNode();
    arguments.forEach(params::add);
    return params;
  }

  private static void settle(
      CompletableFuture<String> result, @Nullable JsonNode reply, @Nullable Throwable failure) {
    if (reply == null) {
      result.completeExceptionally(
          failure == null ? new JsonRpcException("neither reply nor failure") : failure);
    } else {
      result.complete(reply.asText());
    }
  }

  /** {@code DAEMON.ctl}, or the {@code DAEMON.PID.ctl} of the process that the pid file names. */
  private Path find() throws IOException {
    Path plain = directory.resolve(daemon + ".ctl");
    if (Files.exists(plain)) {
      return plain;
    }
    String pid = Files.readString(directory.resolve(daemon + ".pid")).strip();
    return directory.resolve(daemon + "." + pid + ".ctl");
  }
}
