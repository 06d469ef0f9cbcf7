package io.fynbos.agent.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP server that treats each connection as its script says, then closes it. */
public final class HostilePeer implements AutoCloseable {
  /** What to do to whoever connects. */
  public interface Script {
    /** Called once for each connection, which is closed afterwards. */
    void run(InputStream in, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final AtomicInteger accepted = new AtomicInteger();

  /** Listens on a port of the loopback address. */
  public HostilePeer(Script script) {
    try {
      server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Thread thread = new Thread(() -> serve(script), "hostile-peer");
    thread.setDaemon(true);
    thread.start();
  }

  /** The port it listens on. */
  public int port() {
    return server.getLocalPort();
  }

  /** How many connections there were. */
  public int accepted() {
    return accepted.get();
  }

  private void serve(Script script) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        accepted.incrementAndGet();
        Thread thread = new Thread(() -> serve(script, socket), "hostile-peer-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException expected) {
        // The test is over.
      }
    }
  }

  private static void serve(Script script, Socket socket) {
    try (socket) {
      script.run(socket.getInputStream(), socket.getOutputStream());
    } catch (IOException expected) {
      // The victim closed the connection, which is what these scripts are for.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
