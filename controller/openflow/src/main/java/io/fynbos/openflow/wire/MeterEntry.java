package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A meter (OpenFlow 1.5 §7.3.4.5): drops, or does something unknown to this package kept as bytes,
 * when a rate is exceeded. A burst of 0 is unset.
 */
public record MeterEntry(int id, int flags, List<Band> bands) implements Comparable<MeterEntry> {
  /** Rates are in kilobits a second. */
  public static final int KBPS = 1;

  /** Rates are in packets a second. */
  public static final int PKTPS = 2;

  /** Bursts count. */
  public static final int BURST = 4;

  /** Keeps statistics. */
  public static final int STATS = 8;

  static final int ADD = 0;
  static final int MODIFY = 1;
  private static final int DELETE = 2;
  private static final int DROP = 1;
  private static final int MOD_BYTES = 16;
  private static final int BAND_BYTES = 16;

  /** What happens above a rate. */
  public sealed interface Band {
    /** Writes the band. */
    void encode(ByteBuf out);

    /** Drops; rate and burst in the meter's unit. */
    record Drop(int rate, int burst) implements Band {
      @Override
      public void encode(ByteBuf out) {
        out.writeShort(DROP).writeShort(BAND_BYTES).writeInt(rate).writeInt(burst).writeInt(0);
      }

      @Override
      public String toString() {
        return "type=drop rate=" + rate + (burst == 0 ? "" : " burst_size=" + burst);
      }
    }

    /** A band this package does not know, as it came. */
    record Unknown(Octets bytes) implements Band {
      @Override
      public void encode(ByteBuf out) {
        bytes.write(out);
      }

      @Override
      public String toString() {
        return "unknown_band(" + bytes + ")";
      }
    }
  }

  public MeterEntry {
    bands = List.copyOf(bands);
  }

  /** Drops packets above so many a second. */
  public static MeterEntry packetsPerSecond(int id, int rate, int burst) {
    int flags = burst == 0 ? PKTPS : PKTPS | BURST;
    return new MeterEntry(id, flags, List.of(new Band.Drop(rate, burst)));
  }

  void encodeMod(int command, int xid, ByteBuf out) {
    int start = Message.begin(out, Message.METER_MOD, xid);
    out.writeShort(command).writeShort(flags).writeInt(id);
    bands.forEach(band -> band.encode(out));
    Message.end(out, start);
  }

  static void encodeDelete(int id, int xid, ByteBuf out) {
    new MeterEntry(id, 0, List.of()).encodeMod(DELETE, xid, out);
  }

  static Mod decodeMod(ByteBuf in) {
    int end = Message.open(in, MOD_BYTES, "meter mod");
    int command = in.readUnsignedShort();
    int flags = in.readUnsignedShort();
    int id = in.readInt();
    MeterEntry meter = new MeterEntry(id, flags, decodeBands(in, end));
    return switch (command) {
      case ADD -> new Mod.MeterAdd(meter);
      case MODIFY -> new Mod.MeterModify(meter);
      case DELETE -> new Mod.MeterDelete(id);
      default -> throw new OpenFlowFault("a meter mod with command " + command);
    };
  }

  private static List<Band> decodeBands(ByteBuf in, int end) {
    List<Band> bands = new ArrayList<>(1);
    while (in.readerIndex() < end) {
      int start = in.readerIndex();
      Wire.need(in, 4, end, "meter band");
      int type = in.readUnsignedShort();
      int length = in.readUnsignedShort();
      int bandEnd = Wire.end(start, length, 12, end, "meter band");
      bands.add(
          type == DROP && length == BAND_BYTES
              ? new Band.Drop(in.readInt(), in.readInt())
              : new Band.Unknown(Octets.copy(in, start, length)));
      in.readerIndex(bandEnd);
    }
    return bands;
  }

  /** Writes a request for all meters (OFPMP_METER_DESC). */
  public static void request(int xid, ByteBuf out) {
    int start =
        Message.beginMultipart(out, Message.MULTIPART_REQUEST, xid, Message.METER_DESC, false);
    out.writeInt(0xffffffff).writeInt(0);
    Message.end(out, start);
  }

  /** Adds the meters of one part of an answer, a whole message. */
  public static void decodeReply(ByteBuf in, List<MeterEntry> into) {
    int end = Message.openMultipart(in, Message.METER_DESC, "meter description");
    while (in.readerIndex() < end) {
      int start = in.readerIndex();
      Wire.need(in, 8, end, "meter description");
      int length = in.readUnsignedShort();
      int flags = in.readUnsignedShort();
      int id = in.readInt();
      int itemEnd = Wire.end(start, length, 8, end, "meter description");
      into.add(new MeterEntry(id, flags, decodeBands(in, itemEnd)));
    }
  }

  @Override
  public int compareTo(MeterEntry other) {
    return Integer.compareUnsigned(id, other.id);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("meter=").append(Integer.toUnsignedString(id));
    text.append((flags & KBPS) != 0 ? " kbps" : "").append((flags & PKTPS) != 0 ? " pktps" : "");
    text.append((flags & BURST) != 0 ? " burst" : "").append((flags & STATS) != 0 ? " stats" : "");
    text.append(" bands=");
    bands.forEach(band -> text.append('\n').append(band));
    return text.toString();
  }
}
