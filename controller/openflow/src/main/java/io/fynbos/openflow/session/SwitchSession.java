package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.GroupEntry;
import io.fynbos.openflow.wire.MeterEntry;
import io.fynbos.openflow.wire.MeterStats;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.PacketOut;
import io.fynbos.openflow.wire.PortDescription;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A connected switch. All methods may be called from any thread. A future fails with {@link
 * OpenFlowRefused} when the switch answers with an error, and with {@link SessionEnded} when the
 * session ends first, which it does when the switch keeps no deadline. Futures complete on the
 * session's event loop thread: hand the work on.
 */
public interface SwitchSession {
  /** The switch's datapath id. */
  long datapathId();

  /** Where it connected from. */
  SocketAddress remote();

  /** All flows, read back now. */
  default CompletableFuture<List<FlowStats>> flows() {
    return flows(Mod.TABLE_ALL);
  }

  /** The flows of one table, read back now. */
  CompletableFuture<List<FlowStats>> flows(int table);

  /** The flows whose cookies equal this one wherever the mask has bits, read back now. */
  CompletableFuture<List<FlowStats>> flows(long cookie, long mask);

  /** All groups, read back now. */
  CompletableFuture<List<GroupEntry>> groups();

  /** All meters, read back now. */
  CompletableFuture<List<MeterEntry>> meters();

  /** What one meter has counted, as the only item; refused when there is no such meter. */
  CompletableFuture<List<MeterStats>> meterStats(int meter);

  /** All ports. */
  CompletableFuture<List<PortDescription>> ports();

  /** Completes when the switch has done all that was sent before. */
  CompletableFuture<Void> barrier();

  /** Asks for a role; the generation must not be smaller than one the switch has seen. */
  CompletableFuture<Void> role(Role role, long generation);

  /**
   * Sets these together or not at all, in this order (an atomic, ordered bundle, then a barrier).
   * Meters cannot be in it: IllegalArgumentException. Fails with {@link OpenFlowRefused} naming the
   * change that was refused; then none is made. Bundles queue behind one another.
   */
  CompletableFuture<Void> bundle(List<Mod> mods);

  /** Sends one change without waiting; a refusal comes to {@link SwitchListener#refused}. */
  void send(Mod mod);

  /** Sends a packet; dropped when the session is {@link #slow}. */
  void packetOut(PacketOut packet);

  /** Whether the switch takes what we send more slowly than we send it. */
  boolean slow();

  /** Whether the session goes on. */
  boolean open();

  /** Ends the session. */
  void close();
}
