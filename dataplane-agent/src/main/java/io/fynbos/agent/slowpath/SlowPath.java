package io.fynbos.agent.slowpath;

import io.fynbos.agent.bringup.Wanted;
import io.fynbos.agent.keeper.KeptFlows;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.Controller;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.MeterEntry;
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

/**
 * The agent's own tables, one for each kind of packet that wants an answer, and the answers. Each
 * table has a meter, so that no guest can keep the agent busy; what exceeds it is dropped, like
 * what nobody answers.
 */
public final class SlowPath {
  /** Packets for this OpenFlow controller id come to the agent. */
  public static final int CONTROLLER_ID = 0x4679;

  /** The longest IP packet that fits the underlay with its tunnel headers. */
  private static final int GUEST_MTU = 1450;

  private static final int PRIORITY = 100;
  private static final int TABLE_SHIFT = 56;

  private enum Table {
    REJECT(60, 1_000),
    TTL_EXPIRED(61, 200),
    TOO_BIG(62, 200);

    private final int number;
    private final int packetsPerSecond;

    Table(int number, int packetsPerSecond) {
      this.number = number;
      this.packetsPerSecond = packetsPerSecond;
    }

    private Optional<byte[]> answer(byte[] frame) {
      return switch (this) {
        case REJECT -> Answers.reject(frame);
        case TTL_EXPIRED -> Answers.timeExceeded(frame);
        case TOO_BIG -> Answers.tooBig(frame, GUEST_MTU);
      };
    }

    /** A meter has the number of the table it guards. */
    private MeterEntry meter() {
      return MeterEntry.packetsPerSecond(number, packetsPerSecond, packetsPerSecond / 4);
    }

    private long cookie() {
      return (long) KeptFlows.AGENT_COOKIE << TABLE_SHIFT | number;
    }

    private FlowEntry flow() {
      return FlowEntry.of(
          number,
          PRIORITY,
          Match.ANY,
          cookie(),
          Instruction.apply(
              new Action.Meter(number), Controller.to(CONTROLLER_ID, Octets.of((byte) number))));
    }
  }

  /** The agent's table for what means nothing to any packet. */
  private static final int SCRATCH_TABLE = 250;

  private final AtomicInteger touches = new AtomicInteger();
  private final LongAdder answered = new LongAdder();
  private final LongAdder unanswered = new LongAdder();

  /** Meters to be sent before {@link #flows}; one that is there already is brought up to date. */
  public List<Mod> meters() {
    List<Mod> mods = new ArrayList<>();
    for (Table table : Table.values()) {
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
    for (Table table : Table.values()) {
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
    for (Table table : Table.values()) {
      CompletableFuture<Boolean> here =
          session
              .flows(table.number)
              .thenApply(
                  flows ->
                      flows.stream().anyMatch(stats -> stats.flow().cookie() == table.cookie()));
      all = all.thenCombine(here, Boolean::logicalAnd);
    }
    return all;
  }

  /** Answers a packet, if it may be answered, towards where it came from. */
  public void packetIn(SwitchSession session, PacketIn packet) {
    Optional<PacketOut> out = Optional.empty();
    for (Table table : Table.values()) {
      if (packet.cookie() == table.cookie()) {
        out = table.answer(packet.frame().toArray()).flatMap(frame -> addressed(packet, frame));
      }
    }
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

  /** How many came and were not answered. */
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
