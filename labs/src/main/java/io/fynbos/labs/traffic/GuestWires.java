package io.fynbos.labs.traffic;

import io.fynbos.labs.net.IpPacket;
import io.fynbos.labs.net.PacketPoll;
import io.fynbos.labs.net.PacketSocket;
import io.fynbos.labs.net.Sighting;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.runner.Wiring;
import io.fynbos.labs.topology.Topology.Guest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The interfaces of several guests, all open at once: frames go out as if the guest had sent them,
 * and everything that reaches a guest is shown to the watchers. One thread reads them all.
 */
public final class GuestWires implements AutoCloseable {
  private static final int POLL_MILLIS = 50;

  /** The MAC by which every guest knows its router. */
  private static final byte[] ROUTER_MAC = mac("0e:00:00:00:00:01");

  private final Map<String, PacketSocket> sockets = new LinkedHashMap<>();
  private final Map<String, byte[]> macs = new LinkedHashMap<>();
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final List<FrameWatcher> frameWatchers = new CopyOnWriteArrayList<>();
  private final Thread reader;
  private volatile boolean closed;

  /** Told of each of our packets that reached a guest; called by the reading thread. */
  public interface Watcher {
    void seen(String guest, Sighting sighting, long nanos);
  }

  /** Told of each frame that reached a guest; called by the reading thread. */
  public interface FrameWatcher {
    void seen(String guest, byte[] frame);
  }

  public GuestWires(Lab lab, List<Guest> guests) {
    List<PacketPoll.Source<String>> sources = new ArrayList<>();
    for (Guest guest : guests) {
      PacketSocket socket = PacketSocket.open(lab.namespace(guest.name()), Wiring.GUEST_INTERFACE);
      sockets.put(guest.name(), socket);
      macs.put(guest.name(), mac(lab.mac(guest)));
      sources.add(new PacketPoll.Source<>(guest.name(), socket));
    }
    PacketPoll<String> poll = new PacketPoll<>(sources);
    reader = new Thread(() -> read(poll), "guest-wires");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(PacketPoll<String> poll) {
    while (!closed) {
      poll.next(
          POLL_MILLIS,
          (guest, frame) -> {
            long nanos = System.nanoTime();
            frameWatchers.forEach(each -> each.seen(guest, frame));
            Sighting.in(frame)
                .ifPresent(sighting -> watchers.forEach(each -> each.seen(guest, sighting, nanos)));
          });
    }
  }

  /** Shows what comes in to this watcher, until {@link #unwatch}. */
  public void watch(Watcher watcher) {
    watchers.add(watcher);
  }

  public void unwatch(Watcher watcher) {
    watchers.remove(watcher);
  }

  /** Sends a packet out of a guest's interface, to its router. */
  public boolean send(String guest, IpPacket packet) {
    return sendAs(guest, guest, packet);
  }

  /** Sends a packet out of a guest's interface with another guest's MAC as its source. */
  public boolean sendAs(String guest, String pretended, IpPacket packet) {
    return sendFrame(guest, packet.frame(macOf(pretended), ROUTER_MAC));
  }

  /** The fragments of a packet, as frames from a guest to its router. */
  public List<byte[]> fragments(String guest, IpPacket packet, int id, int bytesEach) {
    return packet.fragments(macOf(guest), ROUTER_MAC, id, bytesEach);
  }

  /** Sends a frame as it is out of a guest's interface. */
  public boolean sendFrame(String guest, byte[] frame) {
    return Optional.ofNullable(sockets.get(guest))
        .orElseThrow(() -> new IllegalArgumentException(guest + " has no wire here"))
        .send(frame);
  }

  /** The MAC of a guest; the router's for whom there is no wire. */
  public byte[] macOf(String guest) {
    return macs.getOrDefault(guest, ROUTER_MAC).clone();
  }

  /** Shows every frame that comes in to this watcher as well, whether it is ours or not. */
  public void watchFrames(FrameWatcher watcher) {
    frameWatchers.add(watcher);
  }

  public void unwatchFrames(FrameWatcher watcher) {
    frameWatchers.remove(watcher);
  }

  @Override
  public void close() {
    closed = true;
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sockets.values().forEach(PacketSocket::close);
  }

  /** The address of a guest in one family. */
  public static Optional<InetAddress> address(Lab lab, Guest guest, boolean v6) {
    return lab.addresses(guest).stream()
        .filter(text -> text.contains(":") == v6)
        .findFirst()
        .map(GuestWires::address);
  }

  /** An address literal; never a name. */
  public static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new LabException("not an address: " + literal, e);
    }
  }

  private static byte[] mac(String text) {
    String[] parts = text.split(":", -1);
    byte[] bytes = new byte[6];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = i < parts.length ? (byte) Integer.parseInt(parts[i], 16) : 0;
    }
    return bytes;
  }
}
