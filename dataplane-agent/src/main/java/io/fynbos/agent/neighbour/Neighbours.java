package io.fynbos.agent.neighbour;

import io.fynbos.agent.event.Backoff;
import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.neighbour.NeighbourTables.Entry;
import io.fynbos.agent.neighbour.NeighbourTables.NextHop;
import io.fynbos.agent.unixctl.ControlSocket;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel resolve each underlay address, by sending it a datagram now and then, and hands
 * what the kernel found to the switch. The userspace datapath has a table of its own that learns
 * only from ARP replies passing by, loses it with the process, and drops the packet that found an
 * entry missing; the kernel's table survives a restart of the switch.
 */
public final class Neighbours {
  private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /**
   * Between looks while an address is not resolved: at first, and when its host seems to be down.
   */
  private static final Duration SOON = Duration.ofMillis(50);

  private static final Duration NOT_SO_SOON = Duration.ofSeconds(2);

  /** Between looks while all are: the kernel re-asks what it was used to reach lately. */
  private static final Duration LATER = Duration.ofSeconds(5);

  private final ControlSocket control;
  private final EventThread events;
  private final Probe probe;
  private final boolean userspace;
  private final String bridge;
  private final Path kernelTable;
  private SortedSet<IpAddress> wanted = Collections.emptySortedSet();
  private final SortedMap<IpAddress, Mac> resolved = new TreeMap<>();
  private final SortedMap<IpAddress, NextHop> nextHops = new TreeMap<>();
  private Optional<EventThread.Scheduled> coming = Optional.empty();
  private final Backoff backoff;
  private boolean looking;
  private boolean lookAgain;

  /** Sends something, anything, that makes the kernel resolve an address. */
  public interface Probe {
    /** Does not wait for an answer, and there need not be one. */
    void send(IpAddress address);
  }

  /**
   * @param userspace whether the switch has a table of its own to be kept
   * @param bridge the underlay's bridge, where the switch does not know a route itself
   * @param kernelTable where the kernel shows its table, {@code /proc/net/arp}
   */
  public Neighbours(
      ControlSocket control,
      EventThread events,
      Probe probe,
      boolean userspace,
      String bridge,
      Path kernelTable) {
    this.backoff = events.backoff(SOON, NOT_SO_SOON);
    this.control = control;
    this.events = events;
    this.probe = probe;
    this.userspace = userspace;
    this.bridge = bridge;
    this.kernelTable = kernelTable;
  }

  /** Keep these from now on, and no others. */
  public void keep(SortedSet<IpAddress> underlays) {
    wanted = Collections.unmodifiableSortedSet(new TreeSet<>(underlays));
    resolved.keySet().retainAll(wanted);
    nextHops.clear();
    LOG.info("event=neighbours-wanted count={}", wanted.size());
    now();
  }

  /**
   * The switch was restarted and has forgotten all of them: it is told at once what was known,
   * which is still true most of the time, and then what is.
   */
  public void switchRestarted() {
    if (userspace) {
      resolved.forEach(
          (address, mac) -> {
            NextHop hop = nextHops.getOrDefault(address, new NextHop(address, bridge));
            events.when(
                set(hop, mac),
                text -> {},
                failure -> LOG.debug("event=neighbour-not-set address={}", address));
          });
    }
    now();
  }

  private CompletableFuture<String> set(NextHop hop, Mac mac) {
    return control.run(
        LIMIT, "tnl/neigh/set", hop.bridge(), hop.address().toString(), mac.toString());
  }

  /** The addresses that have no MAC address yet. */
  public SortedSet<IpAddress> unresolved() {
    SortedSet<IpAddress> left = new TreeSet<>(wanted);
    left.removeAll(resolved.keySet());
    return left;
  }

  /** How many are kept. */
  public int size() {
    return wanted.size();
  }

  private void now() {
    backoff.reset();
    coming.ifPresent(EventThread.Scheduled::cancel);
    coming = Optional.empty();
    if (looking) {
      lookAgain = true;
    } else {
      look();
    }
  }

  private void look() {
    looking = true;
    wanted.forEach(probe::send);
    if (!userspace) {
      List<Entry> kernel = kernelEntries();
      for (IpAddress address : wanted) {
        kernel.stream()
            .filter(entry -> entry.address().equals(address))
            .findFirst()
            .ifPresent(entry -> resolved.put(address, entry.mac()));
      }
      looked();
      return;
    }
    events.when(lookUpRoutes(), done -> compare(), failure -> looked());
  }

  /** Finds by which neighbour each address is reached, for those not known yet. */
  private CompletableFuture<Void> lookUpRoutes() {
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (IpAddress address : wanted) {
      if (!nextHops.containsKey(address)) {
        CompletableFuture<Void> one = new CompletableFuture<>();
        events.when(
            control.run(LIMIT, "ovs/route/lookup", address.toString()),
            text -> {
              NeighbourTables.route(address, text).ifPresent(hop -> nextHops.put(address, hop));
              one.complete(null);
            },
            failure -> one.complete(null));
        all = CompletableFuture.allOf(all, one);
      }
    }
    return all;
  }

  private void compare() {
    events.when(
        control.run(LIMIT, "tnl/neigh/show"),
        text -> fill(NeighbourTables.ofSwitch(text), kernelEntries()),
        failure -> looked());
  }

  /** Puts what the kernel knows into the switch's table; an entry put again lives on. */
  private void fill(List<Entry> ofSwitch, List<Entry> kernel) {
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (IpAddress address : wanted) {
      NextHop hop = nextHops.getOrDefault(address, new NextHop(address, bridge));
      Optional<Entry> known = at(hop, kernel);
      if (known.isPresent()) {
        CompletableFuture<Void> one = new CompletableFuture<>();
        Mac mac = known.get().mac();
        events.when(
            set(hop, mac),
            text -> {
              put(address, mac);
              one.complete(null);
            },
            failure -> one.complete(null));
        all = CompletableFuture.allOf(all, one);
      } else {
        at(hop, ofSwitch).ifPresent(entry -> put(address, entry.mac()));
      }
    }
    events.when(all, done -> looked(), failure -> looked());
  }

  private static Optional<Entry> at(NextHop hop, List<Entry> entries) {
    return entries.stream()
        .filter(entry -> entry.address().equals(hop.address()))
        .filter(entry -> entry.device().equals(hop.bridge()))
        .findFirst();
  }

  private void put(IpAddress address, Mac mac) {
    Mac before = resolved.put(address, mac);
    if (!mac.equals(before)) {
      LOG.info("event=neighbour-resolved address={} mac={}", address, mac);
    }
  }

  private void looked() {
    looking = false;
    if (lookAgain) {
      lookAgain = false;
      look();
    } else if (!wanted.isEmpty()) {
      Duration delay = unresolved().isEmpty() ? LATER : backoff.next();
      coming = Optional.of(events.later(delay, this::look));
    }
  }

  private List<Entry> kernelEntries() {
    try {
      return NeighbourTables.kernel(Files.readAllLines(kernelTable));
    } catch (IOException e) {
      return List.of();
    }
  }
}
