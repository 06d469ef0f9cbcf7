package io.fynbos.labs.traffic;

import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.LabException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One long TCP connection on which only the server sends: a few bytes at an even pace. When they
 * reach the client is remembered.
 */
public final class TcpPush implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(5);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final byte[] LINE = "fynbos\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);

  private final ServerSocketChannel listener;
  private final SocketChannel server;
  private final SocketChannel client;
  private final Thread pump;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lastNanos = new AtomicLong();
  private volatile boolean closed;

  private TcpPush(ServerSocketChannel listener, SocketChannel server, SocketChannel client) {
    this.listener = listener;
    this.server = server;
    this.client = client;
    pump = new Thread(this::pump, "tcp-push");
    pump.setDaemon(true);
    pump.start();
  }

  /** Listens inside the one guest, connects from the other; throws when that takes too long. */
  public static TcpPush open(Namespace from, InetSocketAddress address, Namespace to) {
    ServerSocketChannel listener =
        from.inside(
            () -> {
              ServerSocketChannel opened = ServerSocketChannel.open();
              opened.bind(address);
              opened.configureBlocking(false);
              return opened;
            });
    return to.inside(() -> connected(listener, address));
  }

  private static TcpPush connected(ServerSocketChannel listener, InetSocketAddress address)
      throws IOException {
    SocketChannel client = SocketChannel.open();
    client.configureBlocking(false);
    client.connect(address);
    SocketChannel[] accepted = new SocketChannel[1];
    boolean done =
        Await.until(
            () -> {
              try {
                SocketChannel server = listener.accept();
                if (server != null) {
                  accepted[0] = server;
                }
                return client.finishConnect() && accepted[0] != null;
              } catch (IOException e) {
                throw new LabException("no connection to " + address, e);
              }
            },
            CONNECT_LIMIT);
    if (!done) {
      client.close();
      listener.close();
      throw new LabException("no connection to " + address + " within 5 s");
    }
    accepted[0].configureBlocking(false);
    accepted[0].socket().setTcpNoDelay(true);
    return new TcpPush(listener, accepted[0], client);
  }

  private void pump() {
    ByteBuffer in = ByteBuffer.allocate(4096);
    long next = System.nanoTime();
    try {
      while (!closed) {
        int count = client.read(in.clear());
        if (count > 0) {
          lastNanos.set(System.nanoTime());
          bytes.addAndGet(count);
        }
        if (System.nanoTime() >= next) {
          next += PACE.toNanos();
          server.write(ByteBuffer.wrap(LINE));
        }
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      }
    } catch (IOException reset) {
      closed = true;
    }
  }

  /** When the last bytes came, by {@link System#nanoTime}. */
  public long lastNanos() {
    return lastNanos.get();
  }

  /** Waits until this many more bytes than now have come. */
  public boolean awaitBytes(long more, Duration longest) {
    long wanted = bytes.get() + more;
    return Await.until(() -> bytes.get() >= wanted, longest);
  }

  @Override
  public void close() {
    closed = true;
    try {
      pump.join();
      client.close();
      server.close();
      listener.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new LabException("closing a connection: " + e.getMessage(), e);
    }
  }
}
