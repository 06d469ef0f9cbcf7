package io.fynbos.agent.slowpath;

import io.fynbos.agent.keeper.KeptFlows;
import io.fynbos.openflow.wire.Controller;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.MeterEntry;
import io.fynbos.openflow.wire.Octets;
import io.fynbos.openflow.wire.Reason;
import java.util.Arrays;
import java.util.Optional;

/**
 * The tables that the agent fills, one for each reason why a packet comes to it: each has one flow,
 * which sends it here, and a meter, so that no guest can keep the agent busy. The meter takes the
 * copy and not the packet, which may have further to go.
 */
public enum OwnTable {
  // name      number  packets a second, burst  bytes of a packet
  REJECT(/*    */ 60, 1_000, 250, Controller.WHOLE_PACKET),
  TTL_EXPIRED(/**/ 61, 200, 50, Controller.WHOLE_PACKET),
  TOO_BIG(/*   */ 62, 200, 50, Controller.WHOLE_PACKET),
  LOG(/*       */ 63, 1_000, 500, 256),
  CLAIM(/*     */ 64, 100, 50, 128);

  private static final int PRIORITY = 100;
  private static final int OWNER_SHIFT = 56;

  private final int number;
  private final int packetsPerSecond;
  private final int burst;
  private final int bytesMax;

  OwnTable(int number, int packetsPerSecond, int burst, int bytesMax) {
    this.number = number;
    this.packetsPerSecond = packetsPerSecond;
    this.burst = burst;
    this.bytesMax = bytesMax;
  }

  /** The table whose flow has this cookie. */
  static Optional<OwnTable> of(long cookie) {
    return Arrays.stream(values()).filter(table -> table.cookie() == cookie).findFirst();
  }

  /** Its number, which its meter has too. */
  public int number() {
    return number;
  }

  MeterEntry meter() {
    return MeterEntry.packetsPerSecond(number, packetsPerSecond, burst);
  }

  long cookie() {
    return (long) KeptFlows.AGENT_COOKIE << OWNER_SHIFT | number;
  }

  FlowEntry flow() {
    Octets userdata = Octets.of((byte) number);
    Controller copy =
        new Controller(Reason.ACTION, SlowPath.CONTROLLER_ID, bytesMax, userdata, false, number);
    return FlowEntry.of(number, PRIORITY, Match.ANY, cookie(), Instruction.apply(copy));
  }
}
