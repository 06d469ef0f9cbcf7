package io.fynbos.agent.support;

import io.fynbos.openflow.session.Role;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.GroupEntry;
import io.fynbos.openflow.wire.MeterEntry;
import io.fynbos.openflow.wire.MeterStats;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.PacketOut;
import io.fynbos.openflow.wire.PortDescription;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A session with a switch that holds nothing, and keeps what it is told to send. */
public final class SilentSession implements SwitchSession {
  private final List<PacketOut> sent = new ArrayList<>();
  private boolean slow;

  /** The packets it was told to send. */
  public List<PacketOut> sent() {
    return sent;
  }

  /** From now on it reads slowly, or not. */
  public void slow(boolean now) {
    slow = now;
  }

  @Override
  public void packetOut(PacketOut packet) {
    sent.add(packet);
  }

  @Override
  public boolean slow() {
    return slow;
  }

  @Override
  public long datapathId() {
    return 1;
  }

  @Override
  public SocketAddress remote() {
    return InetSocketAddress.createUnresolved("switch", 1);
  }

  @Override
  public CompletableFuture<List<FlowStats>> flows(int table) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<List<FlowStats>> flows(long cookie, long mask) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<List<GroupEntry>> groups() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<List<MeterEntry>> meters() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<List<MeterStats>> meterStats(int meter) {
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
  public CompletableFuture<Void> bundle(List<Mod> mods) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void send(Mod mod) {}

  @Override
  public boolean open() {
    return true;
  }

  @Override
  public void close() {}
}
