package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;

/**
 * A flow that a switch holds, with what it counted (OFPMP_FLOW_DESC, OpenFlow 1.5 §7.3.5.2).
 * Counters that the switch does not keep are 0.
 */
public record FlowStats(FlowEntry flow, long packets, long bytes, Duration age, Duration idle) {
  private static final int DESC_BYTES = 24;
  private static final int OXS_CLASS = 0x8002;
  private static final int OXS_DURATION = 0;
  private static final int OXS_IDLE_TIME = 1;
  private static final int OXS_PACKET_COUNT = 4;
  private static final int OXS_BYTE_COUNT = 5;

  /** Writes a request for the flows of a table, or of {@link Mod#TABLE_ALL}. */
  public static void request(int table, int xid, ByteBuf out) {
    request(table, 0, 0, xid, out);
  }

  /** Writes a request for those flows whose cookies are equal to one wherever a mask has bits. */
  public static void request(int table, long cookie, long mask, int xid, ByteBuf out) {
    int start =
        Message.beginMultipart(out, Message.MULTIPART_REQUEST, xid, Message.FLOW_DESC, false);
    out.writeByte(table).writeZero(3).writeInt(Ports.ANY).writeInt(Ports.ANY).writeInt(0);
    out.writeLong(cookie).writeLong(mask);
    Match.ANY.encode(out);
    Message.end(out, start);
  }

  /** Writes one part of an answer. */
  public static void encodeReply(List<FlowStats> flows, boolean more, int xid, ByteBuf out) {
    int start = Message.beginMultipart(out, Message.MULTIPART_REPLY, xid, Message.FLOW_DESC, more);
    flows.forEach(stats -> stats.encode(out));
    Message.end(out, start);
  }

  private void encode(ByteBuf out) {
    int start = out.writerIndex();
    out.writeInt(0).writeByte(flow.table()).writeByte(0).writeShort(flow.priority());
    out.writeShort(flow.idleTimeoutSeconds()).writeShort(flow.hardTimeoutSeconds());
    out.writeShort(flow.flags()).writeShort(flow.importance()).writeLong(flow.cookie());
    flow.match().encode(out);
    out.writeShort(0).writeShort(4 + 4 * 12);
    writeTime(out, OXS_DURATION, age);
    writeTime(out, OXS_IDLE_TIME, idle);
    out.writeInt(oxs(OXS_PACKET_COUNT)).writeLong(packets);
    out.writeInt(oxs(OXS_BYTE_COUNT)).writeLong(bytes);
    out.writeZero(4);
    for (Instruction instruction : flow.instructions()) {
      instruction.encode(out);
    }
    Wire.closeLength(out, start, 0);
  }

  private static int oxs(int field) {
    return OXS_CLASS << 16 | field << 9 | 8;
  }

  private static void writeTime(ByteBuf out, int field, Duration time) {
    out.writeInt(oxs(field)).writeInt((int) time.getSeconds()).writeInt(time.getNano());
  }

  /** Adds the flows of one part of an answer, a whole message. */
  public static void decodeReply(ByteBuf in, List<FlowStats> into) {
    int end = Message.openMultipart(in, Message.FLOW_DESC, "flow description");
    while (in.readerIndex() < end) {
      into.add(decode(in, end));
    }
  }

  private static FlowStats decode(ByteBuf in, int listEnd) {
    int start = in.readerIndex();
    Wire.need(in, DESC_BYTES, listEnd, "flow description");
    int length = in.readUnsignedShort();
    int end = Wire.end(start, length, DESC_BYTES, listEnd, "flow description");
    in.skipBytes(2);
    int table = in.readUnsignedByte();
    in.skipBytes(1);
    int priority = in.readUnsignedShort();
    int idleTimeout = in.readUnsignedShort();
    int hardTimeout = in.readUnsignedShort();
    int flags = in.readUnsignedShort();
    int importance = in.readUnsignedShort();
    long cookie = in.readLong();
    Match match = Match.decode(in, end);
    int statsStart = in.readerIndex();
    Wire.need(in, 4, end, "flow statistics");
    in.skipBytes(2);
    int statsLength = in.readUnsignedShort();
    int statsEnd = Wire.end(statsStart, statsLength, 4, end, "flow statistics");
    int next = Wire.end(statsStart, Wire.padded8(statsLength), 8, end, "flow statistics");
    long packets = 0;
    long bytes = 0;
    Duration age = Duration.ZERO;
    Duration idle = Duration.ZERO;
    while (in.readerIndex() < statsEnd) {
      Wire.need(in, 4, statsEnd, "flow statistic");
      int header = in.readInt();
      int fieldEnd = in.readerIndex() + (header & 0xff);
      Wire.need(in, header & 0xff, statsEnd, "flow statistic");
      boolean known = header >>> 16 == OXS_CLASS && (header & 0xff) == 8;
      switch (known ? header >>> 9 & 0x7f : -1) {
        case OXS_DURATION -> age = readTime(in);
        case OXS_IDLE_TIME -> idle = readTime(in);
        case OXS_PACKET_COUNT -> packets = in.readLong();
        case OXS_BYTE_COUNT -> bytes = in.readLong();
        default -> {}
      }
      in.readerIndex(fieldEnd);
    }
    in.readerIndex(next);
    List<Instruction> instructions = FlowEntry.decodeInstructions(in, end);
    FlowEntry flow =
        new FlowEntry(
            table,
            priority,
            match,
            cookie,
            instructions,
            idleTimeout,
            hardTimeout,
            flags,
            importance);
    return new FlowStats(flow, packets, bytes, age, idle);
  }

  private static Duration readTime(ByteBuf in) {
    long seconds = in.readUnsignedInt();
    return Duration.ofSeconds(seconds, in.readUnsignedInt());
  }
}
