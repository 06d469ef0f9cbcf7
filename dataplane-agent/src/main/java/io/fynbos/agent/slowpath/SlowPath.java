package io.fynbos.agent.slowpath;

import io.fynbos.agent.bringup.Wanted;
import io.fynbos.agent.keeper.KeptFlows;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.Octets;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.PacketIn;
import io.fynbos.openflow.wire.PacketOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Fills the agent's own tables, answers the packets that want an answer, and hands the others to
 * whom they are for. What exceeds a table's meter is dropped, like what nobody answers.
 */
public final class SlowPath {
  /** Packets for this OpenFlow controller id come to the agent. */
  public static final int CONTROLLER_ID = 0x4679;

  /** The longest IP packet that fits the underlay with its tunnel headers. */
  private static final int GUEST_MTU = 1450;

  private static final int TABLE_SHIFT = 56;

  /** The agent's table for what means nothing to any packet. */
  private static final int SCRATCH_TABLE = 250;

  private final Consumer<PacketIn> logged;
  private final Consumer<PacketIn> claimed;
  private final AtomicInteger touches = new AtomicInteger();
  private final LongAdder answered = new LongAdder();
  private final LongAdder unanswered = new LongAdder();

  /**
   * Both are called on the session's thread, and must not wait for anything.
   *
   * @param logged gets the packets of {@link OwnTable#LOG}
   * @param claimed gets those of {@link OwnTable#CLAIM}
   */
  public SlowPath(Consumer<PacketIn> logged, Consumer<PacketIn> claimed) {
    this.logged = logged;
    this.claimed = claimed;
  }

  /** Meters to be sent before {@link #flows}; one that is there already begins anew. */
  public List<Mod> meters() {
    List<Mod> mods = new ArrayList<>();
    for (OwnTable table : OwnTable.values()) {
      mods.add(new Mod.MeterAdd(table.meter()));
      mods.add(new Mod.MeterModify(table.meter()));
    }
    return mods;
  }

  /** The flows of the agent's tables, in place of any of the agent's that were there. */
  public List<Mod> flows() {
    long owner = (long) KeptFlows.AGENT_COOKIE << TABLE_SHIFT;
    long mask = 0xffL << TABLE_SHIFT;
    List<Mod> mods = new ArrayList<>();
    mods.add(new Mod.FlowDelete(Mod.TABLE_ALL, Match.ANY, owner, mask));
    for (OwnTable table : OwnTable.values()) {
      mods.add(new Mod.FlowAdd(table.flow()));
    }
    return mods;
  }

  /**
   * A change of the agent's scratch table, which no packet visits: the switch looks at all cached
   * flows again after it.
   */
  public Mod touch() {
    long cookie =
        (long) KeptFlows.AGENT_COOKIE << TABLE_SHIFT | (touches.incrementAndGet() & 0xffff_ffffL);
    return new Mod.FlowAdd(FlowEntry.of(SCRATCH_TABLE, 0, Match.ANY, cookie, List.of()));
  }

  /** Whether the agent's flows are in the switch. */
  public CompletableFuture<Boolean> installed(SwitchSession session) {
    CompletableFuture<Boolean> all = CompletableFuture.completedFuture(true);
    for (OwnTable table : OwnTable.values()) {
      CompletableFuture<Boolean> here =
          session
              .flows(table.number())
              .thenApply(
                  flows ->
                      flows.stream().anyMatch(stats -> stats.flow().cookie() == table.cookie()));
      all = all.thenCombine(here, Boolean::logicalAnd);
    }
    return all;
  }

  /** Answers a packet, if it may be answered, towards where it came from, or hands it on. */
  public void packetIn(SwitchSession session, PacketIn packet) {
    Optional<OwnTable> table = OwnTable.of(packet.cookie());
    if (table.isEmpty()) {
      unanswered.increment();
      return;
    }
    switch (table.get()) {
      case LOG -> logged.accept(packet);
      case CLAIM -> claimed.accept(packet);
      case REJECT -> answer(session, packet, Answers.reject(packet.frame().toArray()));
      case TTL_EXPIRED -> answer(session, packet, Answers.timeExceeded(packet.frame().toArray()));
      case TOO_BIG -> answer(session, packet, Answers.tooBig(packet.frame().toArray(), GUEST_MTU));
    }
  }

  private void answer(SwitchSession session, PacketIn packet, Optional<byte[]> frame) {
    Optional<PacketOut> out = frame.flatMap(bytes -> addressed(packet, bytes));
    if (out.isPresent() && !session.slow()) {
      session.packetOut(out.get());
      answered.increment();
    } else {
      unanswered.increment();
    }
  }

  /** How many packets were answered. */
  public long answered() {
    return answered.sum();
  }

  /** How many came for an answer and got none. */
  public long unanswered() {
    return unanswered.sum();
  }

  /**
   * Back to the guest's port, or through the tunnel to the host it came from: then as if the
   * receiver, whose identity the pipeline has found, had sent it.
   */
  private static Optional<PacketOut> addressed(PacketIn packet, byte[] frame) {
    int port = packet.inPort();
    if (port != Wanted.TUNNEL_OFPORT) {
      return port > 0 && port < Wanted.TUNNEL_OFPORT
          ? Optional.of(PacketOut.of(Octets.of(frame), Action.output(port)))
          : Optional.empty();
    }
    long host = packet.value(OxmField.TUN_SRC);
    long identity = packet.value(OxmField.REG1);
    if (host == 0 || identity == 0) {
      return Optional.empty();
    }
    return Optional.of(
        PacketOut.of(
            Octets.of(frame),
            Action.set(OxmField.TUN_DST, host),
            Action.set(OxmField.TUN_ID, identity),
            Action.output(port)));
  }
}
