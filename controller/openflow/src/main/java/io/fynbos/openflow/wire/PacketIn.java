package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A packet that a switch sent us: OFPT_PACKET_IN (OpenFlow 1.5 §7.4.1) or Open vSwitch's
 * NXT_PACKET_IN2. Its match holds the pipeline fields as they were: in_port, registers, tunnel. The
 * frame may be cut; totalBytes is its whole length.
 */
public record PacketIn(
    Reason reason,
    int table,
    long cookie,
    Match match,
    Octets userdata,
    int totalBytes,
    Octets frame) {
  private static final int PLAIN_BYTES = 24;
  private static final int PACKET_IN2 = 30;
  private static final int EXPERIMENTER_BYTES = 16;

  private static final int PACKET = 0;
  private static final int FULL_LEN = 1;
  private static final int TABLE_ID = 3;
  private static final int COOKIE = 4;
  private static final int REASON = 5;
  private static final int METADATA = 6;
  private static final int USERDATA = 7;

  /** The port it came in by, or {@link Ports#ANY} when the switch did not say. */
  public int inPort() {
    return match.field(OxmField.IN_PORT).orElse(null) instanceof Oxm.Narrow port
        ? (int) port.value()
        : Ports.ANY;
  }

  /** A field of up to 64 bits, or 0 when the switch did not send it. */
  public long value(OxmField field) {
    return match.field(field).orElse(null) instanceof Oxm.Narrow oxm ? oxm.value() : 0;
  }

  /** Whether a whole experimenter message is a packet-in. */
  public static boolean extended(ByteBuf message) {
    int start = message.readerIndex();
    return message.readableBytes() >= EXPERIMENTER_BYTES
        && message.getInt(start + 8) == Wire.NICIRA
        && message.getInt(start + 12) == PACKET_IN2;
  }

  /** Reads a whole OFPT_PACKET_IN. */
  public static PacketIn decode(ByteBuf in) {
    int end = Message.open(in, PLAIN_BYTES, "packet-in");
    in.skipBytes(4);
    int totalBytes = in.readUnsignedShort();
    int reason = in.readUnsignedByte();
    int table = in.readUnsignedByte();
    long cookie = in.readLong();
    Match match = Match.decode(in, end);
    Wire.need(in, 2, end, "packet-in");
    in.skipBytes(2);
    Octets frame = Octets.read(in, end - in.readerIndex());
    return new PacketIn(known(reason), table, cookie, match, Octets.EMPTY, totalBytes, frame);
  }

  private static Reason known(int code) {
    return Reason.of(code).orElseThrow(() -> new OpenFlowFault("a packet-in for reason " + code));
  }

  /** Reads a whole NXT_PACKET_IN2. */
  public static PacketIn decodeExtended(ByteBuf in) {
    int end = Message.open(in, EXPERIMENTER_BYTES, "packet-in");
    in.skipBytes(8);
    Reason reason = Reason.NO_MATCH;
    int table = 0;
    long cookie = 0;
    Match match = Match.ANY;
    Octets userdata = Octets.EMPTY;
    Octets frame = Octets.EMPTY;
    int totalBytes = -1;
    while (in.readerIndex() < end) {
      int start = in.readerIndex();
      Wire.need(in, 4, end, "packet-in property");
      int type = in.readUnsignedShort();
      int length = in.readUnsignedShort();
      int propertyEnd = Wire.end(start, length, 4, end, "packet-in property");
      switch (type) {
        case PACKET -> frame = Octets.read(in, length - 4);
        case FULL_LEN -> totalBytes = (int) number(in, 4, propertyEnd);
        case TABLE_ID -> table = (int) number(in, 1, propertyEnd);
        case COOKIE -> {
          Wire.need(in, 12, propertyEnd, "cookie");
          in.skipBytes(4);
          cookie = in.readLong();
        }
        case REASON -> reason = known((int) number(in, 1, propertyEnd));
        case METADATA -> match = decodeFields(in, propertyEnd);
        case USERDATA -> userdata = Octets.read(in, length - 4);
        default -> {}
      }
      in.readerIndex(Math.min(end, start + Wire.padded8(length)));
    }
    int whole = totalBytes < 0 ? frame.length() : totalBytes;
    return new PacketIn(reason, table, cookie, match, userdata, whole, frame);
  }

  private static long number(ByteBuf in, int bytes, int end) {
    Wire.need(in, bytes, end, "packet-in property");
    return Wire.readNumber(in, bytes);
  }

  private static Match decodeFields(ByteBuf in, int end) {
    List<Oxm> fields = new ArrayList<>(16);
    while (in.readerIndex() < end) {
      fields.add(Oxm.decode(in, end));
    }
    try {
      return new Match(fields);
    } catch (IllegalArgumentException twice) {
      throw new OpenFlowFault(String.valueOf(twice.getMessage()), twice);
    }
  }

  /** Writes an NXT_PACKET_IN2. */
  public void encodeExtended(int xid, ByteBuf out) {
    int start = Message.begin(out, Message.EXPERIMENTER, xid);
    out.writeInt(Wire.NICIRA).writeInt(PACKET_IN2);
    bytes(out, PACKET, frame);
    out.writeShort(FULL_LEN).writeShort(8).writeInt(totalBytes);
    out.writeShort(TABLE_ID).writeShort(5).writeByte(table).writeZero(3);
    out.writeShort(COOKIE).writeShort(16).writeInt(0).writeLong(cookie);
    out.writeShort(REASON).writeShort(5).writeByte(reason.code()).writeZero(3);
    int metadata = out.writerIndex();
    out.writeShort(METADATA).writeShort(0);
    match.fields().forEach(field -> field.encode(out));
    Wire.closeLength(out, metadata, 2);
    Wire.pad8(out, metadata);
    if (userdata.length() > 0) {
      bytes(out, USERDATA, userdata);
    }
    Message.end(out, start);
  }

  private static void bytes(ByteBuf out, int type, Octets value) {
    int start = out.writerIndex();
    out.writeShort(type).writeShort(4 + value.length());
    value.write(out);
    Wire.pad8(out, start);
  }
}
