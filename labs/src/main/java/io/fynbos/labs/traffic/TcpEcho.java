package io.fynbos.labs.traffic;

import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.LabException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One long TCP connection from a guest to another that sends back what it gets. A few bytes go out
 * at an even pace; when they come back is remembered.
 */
public final class TcpEcho implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(5);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final byte[] LINE = "fynbos\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);

  private final SocketChannel channel;
  private final Thread pump;
  private final AtomicLong bytesBack = new AtomicLong();
  private final AtomicLong lastBackNanos = new AtomicLong();
  private volatile boolean closed;

  private TcpEcho(SocketChannel channel) {
    this.channel = channel;
    pump = new Thread(this::pump, "tcp-echo");
    pump.setDaemon(true);
    pump.start();
  }

  /** Connects from inside a guest's namespace; throws when there is no connection in time. */
  public static TcpEcho connect(Namespace guest, InetSocketAddress server) {
    return guest.inside(
        () -> {
          SocketChannel channel = SocketChannel.open();
          channel.socket().setTcpNoDelay(true);
          channel.configureBlocking(false);
          channel.connect(server);
          if (!Await.until(() -> connected(channel), CONNECT_LIMIT)) {
            channel.close();
            throw new LabException("no connection to " + server + " within 5 s");
          }
          return new TcpEcho(channel);
        });
  }

  private static boolean connected(SocketChannel channel) {
    try {
      return channel.finishConnect();
    } catch (IOException refused) {
      throw new LabException("no connection: " + refused.getMessage(), refused);
    }
  }

  private void pump() {
    ByteBuffer in = ByteBuffer.allocate(4096);
    long next = System.nanoTime();
    try {
      while (!closed) {
        int count = channel.read(in.clear());
        if (count > 0) {
          lastBackNanos.set(System.nanoTime());
          bytesBack.addAndGet(count);
        } else if (count < 0) {
          return;
        }
        if (System.nanoTime() >= next) {
          next += PACE.toNanos();
          channel.write(ByteBuffer.wrap(LINE));
        }
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      }
    } catch (IOException reset) {
      closed = true;
    }
  }

  /** How many bytes have come back so far. */
  public long bytesBack() {
    return bytesBack.get();
  }

  /** When the last of them came, by {@link System#nanoTime}. */
  public long lastBackNanos() {
    return lastBackNanos.get();
  }

  /** Waits until this many more bytes than now have come back. */
  public boolean awaitBytes(long more, Duration longest) {
    long wanted = bytesBack.get() + more;
    return Await.until(() -> bytesBack.get() >= wanted, longest);
  }

  @Override
  public void close() {
    closed = true;
    try {
      pump.join();
      channel.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new LabException("closing a connection: " + e.getMessage(), e);
    }
  }
}
