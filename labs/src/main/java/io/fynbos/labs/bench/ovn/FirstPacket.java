package io.fynbos.labs.bench.ovn;

import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.runner.LabException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A datagram every half millisecond from one namespace to another, each a new connection's first
 * for the switches in between as long as none has passed, until the first arrives.
 */
final class FirstPacket implements AutoCloseable {
  private static final Duration PACE = Duration.ofNanos(500_000);

  private final DatagramSocket sender;
  private final DatagramSocket receiver;
  private final CompletableFuture<Long> arrivedNanos = new CompletableFuture<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  private FirstPacket(DatagramSocket sender, DatagramSocket receiver) {
    this.sender = sender;
    this.receiver = receiver;
  }

  /** Begins to send. */
  static FirstPacket between(Namespace client, Namespace server, String address, int port) {
    DatagramSocket receiver =
        server.inside(
            () -> new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), port)));
    DatagramSocket sender = client.inside(() -> new DatagramSocket());
    FirstPacket probe = new FirstPacket(sender, receiver);
    probe.start("probe-receiver", probe::receive);
    InetSocketAddress destination = new InetSocketAddress(receiver.getLocalAddress(), port);
    probe.start("probe-sender", () -> probe.send(destination));
    return probe;
  }

  private void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void send(InetSocketAddress destination) {
    byte[] payload = ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).array();
    long next = System.nanoTime();
    while (!stopped) {
      try {
        sender.send(new DatagramPacket(payload, payload.length, destination));
      } catch (IOException closedOrFull) {
        // The next one follows at once.
      }
      next += PACE.toNanos();
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private void receive() {
    try {
      receiver.receive(new DatagramPacket(new byte[Long.BYTES], Long.BYTES));
      arrivedNanos.complete(System.nanoTime());
    } catch (SocketException closed) {
      arrivedNanos.completeExceptionally(closed);
    } catch (IOException e) {
      arrivedNanos.completeExceptionally(e);
    }
  }

  /** Whether one has arrived. */
  boolean arrived() {
    return arrivedNanos.isDone();
  }

  /** When the first arrived, by {@link System#nanoTime}; waits for it. */
  long arrivedNanos(Duration longest) {
    try {
      return arrivedNanos.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new LabException(
          "no datagram arrived within " + longest.toSeconds() + " s of what should let it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  @Override
  public void close() {
    stopped = true;
    sender.close();
    receiver.close();
    try {
      // The port is free again only when nobody is inside the socket.
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
