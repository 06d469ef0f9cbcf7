package io.fynbos.controller.reconcile;

import io.fynbos.openflow.session.OpenFlowRefused;
import io.fynbos.openflow.session.Role;
import io.fynbos.openflow.session.SessionEnded;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowKey;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.GroupEntry;
import io.fynbos.openflow.wire.MeterEntry;
import io.fynbos.openflow.wire.MeterStats;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.Octets;
import io.fynbos.openflow.wire.OpenFlowError;
import io.fynbos.openflow.wire.PacketOut;
import io.fynbos.openflow.wire.PortDescription;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** A switch in memory that does bundles all or nothing, and holds back answers when told to. */
public final class FakeSwitch implements SwitchSession {
  private final long datapathId;
  private final SortedMap<FlowKey, FlowEntry> flows = new TreeMap<>();
  private final List<List<Mod>> bundles = new ArrayList<>();
  private final SortedMap<FlowKey, Long> hits = new TreeMap<>();
  private final Deque<Runnable> held = new ArrayDeque<>();
  private Predicate<Mod> refusal = mod -> false;
  private boolean holding;
  private boolean open = true;
  private int readBacks;

  public FakeSwitch(long datapathId) {
    this.datapathId = datapathId;
  }

  /** A new session to a switch that holds the same flows. */
  synchronized FakeSwitch reconnected() {
    FakeSwitch next = new FakeSwitch(datapathId);
    next.flows.putAll(flows);
    return next;
  }

  synchronized void refuse(Predicate<Mod> which) {
    refusal = which;
  }

  /** Bundles wait from now on, until they are let go. */
  synchronized void hold() {
    holding = true;
  }

  /** Lets the bundles go that wait, and those that come. */
  void letGo() {
    List<Runnable> waiting;
    synchronized (this) {
      holding = false;
      waiting = List.copyOf(held);
      held.clear();
    }
    waiting.forEach(Runnable::run);
  }

  public synchronized void put(FlowEntry flow) {
    flows.put(flow.key(), flow);
  }

  public synchronized void remove(FlowKey key) {
    flows.remove(key);
  }

  public synchronized SortedMap<FlowKey, FlowEntry> held() {
    return new TreeMap<>(flows);
  }

  /** The bundles that were sent, those that wait included. */
  synchronized List<List<Mod>> bundles() {
    return List.copyOf(bundles);
  }

  synchronized int readBacks() {
    return readBacks;
  }

  @Override
  public CompletableFuture<Void> bundle(List<Mod> mods) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Runnable work = () -> commit(mods, done);
    synchronized (this) {
      bundles.add(List.copyOf(mods));
      if (holding) {
        held.add(work);
        return done;
      }
    }
    work.run();
    return done;
  }

  private void commit(List<Mod> mods, CompletableFuture<Void> done) {
    Optional<Mod> refused;
    synchronized (this) {
      refused = mods.stream().filter(refusal).findFirst();
      if (refused.isEmpty()) {
        mods.forEach(this::carryOut);
      }
    }
    if (refused.isPresent()) {
      OpenFlowError error = new OpenFlowError(2, 0, Octets.of());
      done.completeExceptionally(new OpenFlowRefused(error, "bundle", refused));
    } else {
      done.complete(null);
    }
  }

  private void carryOut(Mod mod) {
    if (mod instanceof Mod.FlowAdd add) {
      flows.put(add.flow().key(), add.flow());
      hits.remove(add.flow().key());
    } else if (mod instanceof Mod.FlowDeleteStrict delete) {
      flows.remove(delete.key());
      hits.remove(delete.key());
    } else {
      throw new IllegalArgumentException("the fake switch does not do " + mod);
    }
  }

  @Override
  public synchronized CompletableFuture<List<FlowStats>> flows() {
    readBacks++;
    return CompletableFuture.completedFuture(flows.values().stream().map(this::counted).toList());
  }

  private FlowStats counted(FlowEntry flow) {
    long packets = hits.getOrDefault(flow.key(), 0L);
    return new FlowStats(flow, packets, packets * 100, Duration.ofSeconds(1), Duration.ZERO);
  }

  /** As if some packets of 100 bytes had matched the flow since it was made. */
  public synchronized void hit(FlowKey key, long packets) {
    hits.merge(key, packets, Long::sum);
  }

  @Override
  public CompletableFuture<List<FlowStats>> flows(int table) {
    return flows();
  }

  @Override
  public synchronized CompletableFuture<List<FlowStats>> flows(long cookie, long mask) {
    return CompletableFuture.completedFuture(
        flows.values().stream()
            .filter(flow -> (flow.cookie() & mask) == (cookie & mask))
            .map(this::counted)
            .toList());
  }

  @Override
  public CompletableFuture<List<GroupEntry>> groups() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<List<MeterStats>> meterStats(int meter) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<List<MeterEntry>> meters() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<List<PortDescription>> ports() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<Void> barrier() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> role(Role role, long generation) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void send(Mod mod) {
    throw new SessionEnded("the fake switch takes bundles only");
  }

  @Override
  public void packetOut(PacketOut packet) {}

  @Override
  public long datapathId() {
    return datapathId;
  }

  @Override
  public SocketAddress remote() {
    return InetSocketAddress.createUnresolved("fake", 1);
  }

  @Override
  public boolean slow() {
    return false;
  }

  @Override
  public synchronized boolean open() {
    return open;
  }

  @Override
  public synchronized void close() {
    open = false;
  }
}
