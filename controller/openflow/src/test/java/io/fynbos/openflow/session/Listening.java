package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.PacketIn;
import io.fynbos.openflow.wire.PortStatus;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that remembers what it heard. */
final class Listening implements SwitchListener {
  final BlockingQueue<SwitchSession> connected = new LinkedBlockingQueue<>();
  final BlockingQueue<Throwable> disconnected = new LinkedBlockingQueue<>();
  final BlockingQueue<PortStatus> ports = new LinkedBlockingQueue<>();
  final BlockingQueue<PacketIn> packets = new LinkedBlockingQueue<>();
  final BlockingQueue<OpenFlowRefused> refused = new LinkedBlockingQueue<>();
  final AtomicInteger portsChanged = new AtomicInteger();

  @Override
  public void connected(SwitchSession session) {
    connected.add(session);
  }

  @Override
  public void disconnected(SwitchSession session, Throwable cause) {
    disconnected.add(cause);
  }

  @Override
  public void portStatus(SwitchSession session, PortStatus status) {
    ports.add(status);
  }

  @Override
  public void portsChanged(SwitchSession session) {
    portsChanged.incrementAndGet();
  }

  @Override
  public void packetIn(SwitchSession session, PacketIn packet) {
    packets.add(packet);
  }

  @Override
  public void refused(SwitchSession session, OpenFlowRefused refusal) {
    refused.add(refusal);
  }

  /** The next of a queue, within ten seconds. */
  static <T> T next(BlockingQueue<T> queue) {
    try {
      T item = queue.poll(10, TimeUnit.SECONDS);
      if (item == null) {
        throw new AssertionError("nothing came in 10 s");
      }
      return item;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
