package io.fynbos.labs.e2e;

import io.fynbos.labs.net.Segment;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.labs.traffic.Stream;
import io.fynbos.labs.traffic.TcpEcho;
import io.fynbos.labs.traffic.TcpPush;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections of every kind between web1 and db1 that go on until this is closed: TCP both ways,
 * TCP on which only the server sends, and UDP and ICMP, each direction a stream of its own.
 */
final class Conversations implements AutoCloseable {
  private static final int CLIENT_PORT = 41_000;
  private static final int SERVER_ONLY_PORT = 8_010;
  private static final int ENOUGH = 20;

  private final GuestWires wires;
  private final List<Stream> streams = new ArrayList<>();
  private final List<TcpEcho> echoes = new ArrayList<>();
  private final List<TcpPush> pushes = new ArrayList<>();

  private Conversations(TwoHosts fabric) {
    this.wires = fabric.wires();
    for (boolean v6 : new boolean[] {false, true}) {
      Segment.Echo request = new Segment.Echo(v6 ? Segment.ICMPV6 : Segment.ICMP, v6 ? 128 : 8, 77);
      Segment.Echo reply = new Segment.Echo(request.protocol(), v6 ? 129 : 0, 77);
      streams.add(fabric.stream(wires, "web1", "db1", v6, port -> request));
      streams.add(
          fabric.stream(wires, "web1", "db1", v6, port -> new Segment.Datagram(CLIENT_PORT, 53)));
      Await.until(() -> streams.stream().allMatch(each -> each.arrived() > 0), TwoHosts.LIMIT);
      streams.add(fabric.stream(wires, "db1", "web1", v6, port -> reply));
      streams.add(
          fabric.stream(wires, "db1", "web1", v6, port -> new Segment.Datagram(53, CLIENT_PORT)));
      var server = fabric.address("db1", v6);
      var web1 = fabric.lab().namespace("web1");
      echoes.add(TcpEcho.connect(web1, new InetSocketAddress(server, 5432)));
      pushes.add(
          TcpPush.open(
              fabric.lab().namespace("db1"),
              new InetSocketAddress(server, SERVER_ONLY_PORT),
              web1));
    }
  }

  /** Begins them all, and waits until each of them goes on. */
  static Conversations between(TwoHosts fabric) {
    return new Conversations(fabric);
  }

  GuestWires wires() {
    return wires;
  }

  /** Whether all of them go on: each had something arrive that came after now. */
  boolean goOn() {
    long now = System.nanoTime();
    return Await.until(
            () -> streams.stream().allMatch(each -> each.arrivedSince(now) > ENOUGH),
            TwoHosts.LIMIT)
        && echoes.stream().allMatch(each -> each.awaitBytes(100, TwoHosts.LIMIT))
        && pushes.stream().allMatch(each -> each.awaitBytes(100, TwoHosts.LIMIT));
  }

  /** What has arrived since then, once every stream has sent plenty more; in words. */
  List<String> arrivedSince(long nanos) {
    List<Integer> sent = streams.stream().map(Stream::sent).toList();
    Await.until(
        () -> {
          for (int i = 0; i < sent.size(); i++) {
            if (streams.get(i).sent() < sent.get(i) + 5 * ENOUGH) {
              return false;
            }
          }
          return true;
        },
        TwoHosts.LIMIT);
    List<String> arrived = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      if (streams.get(i).arrivedSince(nanos) > 0) {
        arrived.add("stream %d: %d".formatted(i, streams.get(i).arrivedSince(nanos)));
      }
    }
    echoes.stream()
        .filter(each -> each.lastBackNanos() > nanos)
        .forEach(each -> arrived.add("a TCP connection both ways"));
    pushes.stream()
        .filter(each -> each.lastNanos() > nanos)
        .forEach(each -> arrived.add("a TCP connection on which the server sends"));
    return arrived;
  }

  @Override
  public void close() {
    streams.forEach(Stream::close);
    echoes.forEach(TcpEcho::close);
    pushes.forEach(TcpPush::close);
    wires.close();
  }
}
