package io.fynbos.labs.traffic;

import io.fynbos.labs.net.Segment;
import io.fynbos.labs.net.Sighting;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * One packet after the other from one guest to another, at an even pace, each accounted for: did it
 * arrive, was it answered. It catches up when the machine holds it back, so the pace holds on
 * average.
 */
public final class Stream implements AutoCloseable {
  /** Long enough for the last packet to come back from a switch that is busy. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private final GuestWires wires;
  private final String from;
  private final String to;
  private final InetAddress source;
  private final InetAddress destination;
  private final IntFunction<Segment> segments;
  private final Duration pace;
  private final Tokens tokens = new Tokens();
  private final Map<Integer, Long> sentNanos = new ConcurrentHashMap<>();
  private final Map<Integer, Long> arrivedNanos = new ConcurrentHashMap<>();
  private final Map<Integer, Long> answeredNanos = new ConcurrentHashMap<>();
  private final GuestWires.Watcher watcher = this::seen;
  private final Thread sender;
  private volatile boolean stopped;

  private Stream(
      GuestWires wires,
      String from,
      String to,
      InetAddress source,
      InetAddress destination,
      IntFunction<Segment> segments,
      Duration pace) {
    this.wires = wires;
    this.from = from;
    this.to = to;
    this.source = source;
    this.destination = destination;
    this.segments = segments;
    this.pace = pace;
    wires.watch(watcher);
    sender = new Thread(this::send, "stream-" + from + "-" + to);
    sender.setDaemon(true);
    sender.start();
  }

  /** Echo requests, all of one conversation as {@code ping} sends them. */
  public static Stream pings(
      GuestWires wires,
      String from,
      String to,
      InetAddress source,
      InetAddress destination,
      Duration pace) {
    boolean v6 = source.getAddress().length == 16;
    Segment ping = new Segment.Icmp(v6 ? Segment.ICMPV6 : Segment.ICMP, v6 ? 128 : 8, 0);
    return new Stream(wires, from, to, source, destination, port -> ping, pace);
  }

  /** Whatever this makes of a fresh source port, each a connection of its own. */
  public static Stream of(
      GuestWires wires,
      String from,
      String to,
      InetAddress source,
      InetAddress destination,
      IntFunction<Segment> segments,
      Duration pace) {
    return new Stream(wires, from, to, source, destination, segments, pace);
  }

  private void send() {
    long next = System.nanoTime();
    while (!stopped) {
      long now = System.nanoTime();
      if (now < next) {
        LockSupport.parkNanos(next - now);
        continue;
      }
      next += pace.toNanos();
      int token = tokens.token();
      sentNanos.put(token, now);
      Segment segment = segments.apply(tokens.sourcePort());
      if (!wires.send(from, segment.packet(source, destination, token))) {
        sentNanos.remove(token);
      }
    }
  }

  private void seen(String guest, Sighting sighting, long nanos) {
    if (!sentNanos.containsKey(sighting.token())) {
      return;
    }
    if (guest.equals(to) && sighting.kind() != Sighting.Kind.ERROR) {
      arrivedNanos.put(sighting.token(), nanos);
    } else if (guest.equals(from)) {
      answeredNanos.put(sighting.token(), nanos);
    }
  }

  /** How many have been sent so far. */
  public int sent() {
    return sentNanos.size();
  }

  /** How many have arrived so far. */
  public int arrived() {
    return arrivedNanos.size();
  }

  /** How many have arrived since then, by {@link System#nanoTime}. */
  public long arrivedSince(long nanos) {
    return arrivedNanos.values().stream().filter(at -> at > nanos).count();
  }

  /** How many of those sent between these times have not arrived. */
  public long missing(long fromNanos, long toNanos) {
    return sentNanos.entrySet().stream()
        .filter(sent -> sent.getValue() > fromNanos && sent.getValue() < toNanos)
        .filter(sent -> !arrivedNanos.containsKey(sent.getKey()))
        .count();
  }

  /** How many have been answered so far. */
  public int answered() {
    return answeredNanos.size();
  }

  /** Whether the newest packets are being answered: something answered was sent after this. */
  public boolean answeredSince(long nanos) {
    return answeredNanos.keySet().stream()
        .anyMatch(token -> sentNanos.getOrDefault(token, 0L) > nanos);
  }

  /** When the first answer came to a packet that was sent after this; 0 when none has. */
  public long firstAnswerAfter(long nanos) {
    return answeredNanos.entrySet().stream()
        .filter(answer -> sentNanos.getOrDefault(answer.getKey(), 0L) > nanos)
        .mapToLong(Map.Entry::getValue)
        .min()
        .orElse(0);
  }

  /** Stops sending, waits for what is still on its way, and counts. */
  public Account stop() {
    stopped = true;
    join();
    long quiet = System.nanoTime() + GRACE.toNanos();
    while (System.nanoTime() < quiet && answeredNanos.size() < sentNanos.size()) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    wires.unwatch(watcher);
    return account();
  }

  private Account account() {
    TreeMap<Long, Integer> order = new TreeMap<>();
    sentNanos.forEach((token, nanos) -> order.put(nanos, token));
    List<Long> roundTrips = new ArrayList<>();
    List<Long> lost = new ArrayList<>();
    long longest = 0;
    long silentSince = order.isEmpty() ? 0 : order.firstKey();
    for (var sent : order.entrySet()) {
      Long answered = answeredNanos.get(sent.getValue());
      if (answered == null) {
        lost.add(sent.getKey());
        continue;
      }
      roundTrips.add(answered - sent.getKey());
      longest = Math.max(longest, sent.getKey() - silentSince);
      silentSince = sent.getKey();
    }
    if (!order.isEmpty()) {
      longest = Math.max(longest, order.lastKey() - silentSince);
    }
    return new Account(
        sentNanos.size(),
        arrivedNanos.size(),
        answeredNanos.size(),
        Duration.ofNanos(longest),
        roundTrips,
        lost);
  }

  private void join() {
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopped = true;
    join();
    wires.unwatch(watcher);
  }

  /**
   * What became of them.
   *
   * @param longestSilence the longest time between the sending of two answered packets
   * @param roundTripNanos of those answered, in the order they were sent
   * @param lostNanos when those were sent that were never answered, by {@link System#nanoTime}
   */
  public record Account(
      int sent,
      int arrived,
      int answered,
      Duration longestSilence,
      List<Long> roundTripNanos,
      List<Long> lostNanos) {
    public Account {
      roundTripNanos = List.copyOf(roundTripNanos);
      lostNanos = List.copyOf(lostNanos);
    }

    /** How many were never answered. */
    public int lost() {
      return lostNanos.size();
    }
  }
}
