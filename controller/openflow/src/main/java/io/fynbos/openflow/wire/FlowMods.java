package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** OFPT_FLOW_MOD (OpenFlow 1.5 §7.3.4.2). */
final class FlowMods {
  private static final int ADD = 0;
  private static final int MODIFY_STRICT = 2;
  private static final int DELETE = 3;
  private static final int DELETE_STRICT = 4;
  private static final int NO_BUFFER = 0xffffffff;
  private static final int BYTES_MIN = 56;

  private FlowMods() {}

  static void add(FlowEntry flow, int xid, ByteBuf out) {
    put(flow, ADD, xid, out);
  }

  static void modifyStrict(FlowEntry flow, int xid, ByteBuf out) {
    put(flow, MODIFY_STRICT, xid, out);
  }

  private static void put(FlowEntry flow, int command, int xid, ByteBuf out) {
    int start = Message.begin(out, Message.FLOW_MOD, xid);
    out.writeLong(flow.cookie()).writeLong(0);
    out.writeByte(flow.table()).writeByte(command);
    out.writeShort(flow.idleTimeoutSeconds()).writeShort(flow.hardTimeoutSeconds());
    out.writeShort(flow.priority()).writeInt(NO_BUFFER);
    out.writeInt(Ports.ANY).writeInt(Ports.ANY);
    out.writeShort(flow.flags()).writeShort(flow.importance());
    flow.match().encode(out);
    for (Instruction instruction : flow.instructions()) {
      instruction.encode(out);
    }
    Message.end(out, start);
  }

  static void deleteStrict(FlowKey key, long cookie, long cookieMask, int xid, ByteBuf out) {
    int start = Message.begin(out, Message.FLOW_MOD, xid);
    out.writeLong(cookie).writeLong(cookieMask);
    out.writeByte(key.table()).writeByte(DELETE_STRICT);
    filter(out, key.priority());
    key.match().encode(out);
    Message.end(out, start);
  }

  static void delete(Mod.FlowDelete delete, int xid, ByteBuf out) {
    int start = Message.begin(out, Message.FLOW_MOD, xid);
    out.writeLong(delete.cookie()).writeLong(delete.cookieMask());
    out.writeByte(delete.table()).writeByte(DELETE);
    filter(out, 0);
    delete.match().encode(out);
    Message.end(out, start);
  }

  private static void filter(ByteBuf out, int priority) {
    out.writeInt(0).writeShort(priority).writeInt(NO_BUFFER);
    out.writeInt(Ports.ANY).writeInt(Ports.ANY).writeInt(0);
  }

  static Mod decode(ByteBuf in) {
    int end = Message.open(in, BYTES_MIN, "flow mod");
    long cookie = in.readLong();
    long cookieMask = in.readLong();
    int table = in.readUnsignedByte();
    int command = in.readUnsignedByte();
    int idle = in.readUnsignedShort();
    int hard = in.readUnsignedShort();
    int priority = in.readUnsignedShort();
    in.skipBytes(12);
    int flags = in.readUnsignedShort();
    int importance = in.readUnsignedShort();
    Match match = Match.decode(in, end);
    List<Instruction> instructions = FlowEntry.decodeInstructions(in, end);
    FlowEntry flow =
        new FlowEntry(table, priority, match, cookie, instructions, idle, hard, flags, importance);
    return switch (command) {
      case ADD -> new Mod.FlowAdd(flow);
      case MODIFY_STRICT -> new Mod.FlowModifyStrict(flow);
      case DELETE -> new Mod.FlowDelete(table, match, cookie, cookieMask);
      case DELETE_STRICT -> new Mod.FlowDeleteStrict(flow.key(), cookie, cookieMask);
      default -> throw new OpenFlowFault("a flow mod with command " + command);
    };
  }
}
