package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A flow as a switch holds it. Timeouts are in seconds, 0 is none; flags are {@link #SEND_FLOW_REM}
 * and its like. Instructions stand in the order in which they are carried out; an empty
 * apply_actions is none.
 */
public record FlowEntry(
    int table,
    int priority,
    Match match,
    long cookie,
    List<Instruction> instructions,
    int idleTimeoutSeconds,
    int hardTimeoutSeconds,
    int flags,
    int importance) {
  /** The priority that ovs-ofctl does not print. */
  public static final int PRIORITY_DEFAULT = 0x8000;

  /** Tell the controller when the flow goes. */
  public static final int SEND_FLOW_REM = 1;

  /** Refuse the flow when it overlaps another. */
  public static final int CHECK_OVERLAP = 2;

  /** Start counting anew when modifying. */
  public static final int RESET_COUNTS = 4;

  /** Do not count packets. */
  public static final int NO_PACKET_COUNTS = 8;

  /** Do not count bytes. */
  public static final int NO_BYTE_COUNTS = 16;

  private static final Instruction NOTHING = new Instruction.ApplyActions(List.of());
  private static final Comparator<Instruction> ORDER = Comparator.comparingInt(Instruction::turn);

  public FlowEntry {
    if (table < 0 || table > 0xff || priority < 0 || priority > 0xffff) {
      throw new IllegalArgumentException("table=" + table + " priority=" + priority);
    }
    instructions = canonical(instructions);
  }

  /** A flow that stays and has no flags. */
  public static FlowEntry of(
      int table, int priority, Match match, long cookie, List<Instruction> instructions) {
    return new FlowEntry(table, priority, match, cookie, instructions, 0, 0, 0, 0);
  }

  /** A flow that stays and has no flags. */
  public static FlowEntry of(
      int table, int priority, Match match, long cookie, Instruction... instructions) {
    return of(table, priority, match, cookie, List.of(instructions));
  }

  /** What makes it the same flow. */
  public FlowKey key() {
    return new FlowKey(table, priority, match);
  }

  private static List<Instruction> canonical(List<Instruction> instructions) {
    boolean plain = !instructions.contains(NOTHING);
    for (int i = 1; i < instructions.size() && plain; i++) {
      plain = instructions.get(i - 1).turn() <= instructions.get(i).turn();
    }
    if (plain) {
      return List.copyOf(instructions);
    }
    List<Instruction> ordered = new ArrayList<>(instructions);
    ordered.removeIf(NOTHING::equals);
    ordered.sort(ORDER);
    return List.copyOf(ordered);
  }

  static List<Instruction> decodeInstructions(ByteBuf in, int end) {
    List<Instruction> instructions = new ArrayList<>(2);
    while (in.readerIndex() < end) {
      instructions.add(Instruction.decode(in, end));
    }
    return instructions;
  }

  /** The actions as ovs-ofctl writes them, after {@code actions=}. */
  public String actionsText() {
    if (instructions.isEmpty()) {
      return "drop";
    }
    StringBuilder text = new StringBuilder();
    for (Instruction instruction : instructions) {
      text.append(text.isEmpty() ? "" : ",").append(instruction);
    }
    return text.toString();
  }

  /** As {@code ovs-ofctl --no-stats dump-flows} writes it, without the leading blank. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (cookie != 0) {
      text.append("cookie=").append(OxmText.hex(cookie)).append(", ");
    }
    if (table != 0) {
      text.append("table=").append(table).append(", ");
    }
    put(text, "idle_timeout=", idleTimeoutSeconds);
    put(text, "hard_timeout=", hardTimeoutSeconds);
    text.append((flags & SEND_FLOW_REM) != 0 ? "send_flow_rem " : "");
    text.append((flags & CHECK_OVERLAP) != 0 ? "check_overlap " : "");
    text.append((flags & RESET_COUNTS) != 0 ? "reset_counts " : "");
    text.append((flags & NO_PACKET_COUNTS) != 0 ? "no_packet_counts " : "");
    text.append((flags & NO_BYTE_COUNTS) != 0 ? "no_byte_counts " : "");
    put(text, "importance=", importance);
    String matchText = match.toString();
    if (priority != PRIORITY_DEFAULT) {
      text.append("priority=").append(priority).append(matchText.isEmpty() ? "" : ",");
    }
    text.append(matchText);
    if (!text.isEmpty() && text.charAt(text.length() - 1) != ' ') {
      text.append(' ');
    }
    return text.append("actions=").append(actionsText()).toString();
  }

  private static void put(StringBuilder text, String label, int value) {
    if (value != 0) {
      text.append(label).append(value).append(", ");
    }
  }
}
