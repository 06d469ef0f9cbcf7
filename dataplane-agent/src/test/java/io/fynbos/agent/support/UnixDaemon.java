package io.fynbos.agent.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A daemon's control socket that answers every command with what a function says. */
public final class UnixDaemon implements AutoCloseable {
  /** Gives the text for a request. */
  public interface Reply {
    /** May take its time. */
    String to(JsonNode request) throws InterruptedException;
  }

  private final ObjectMapper mapper = new ObjectMapper();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Path directory;
  private final Path socket;
  private final ServerSocketChannel server;
  private final Reply reply;

  /** Listens in a directory of its own. */
  public UnixDaemon(String name, Reply reply) {
    this.reply = reply;
    try {
      directory = Files.createTempDirectory("fyn-ctl");
      socket = directory.resolve(name + ".ctl");
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    threads.execute(this::accept);
  }

  /** Where the socket is. */
  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      server.close();
      Files.deleteIfExists(socket);
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        threads.execute(() -> serve(client));
      }
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  private void serve(SocketChannel client) {
    try (client;
        InputStream in = Channels.newInputStream(client)) {
      ObjectNode answer = mapper.createObjectNode();
      JsonNode request = mapper.readTree(mapper.getFactory().createParser(in));
      answer.set("id", request.path("id"));
      answer.put("result", reply.to(request));
      answer.putNull("error");
      ByteBuffer bytes = ByteBuffer.wrap(mapper.writeValueAsBytes(answer));
      while (bytes.hasRemaining()) {
        client.write(bytes);
      }
      in.read();
    } catch (IOException | InterruptedException gone) {
      // The agent has heard enough, or the test is over.
    }
  }
}
