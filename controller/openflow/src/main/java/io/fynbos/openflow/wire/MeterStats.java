package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * What a meter has counted (OFPMP_METER, OpenFlow 1.5 §7.3.5.13): what came to it, and what each of
 * its bands acted on, in the order of its bands.
 */
public record MeterStats(int id, long packets, long bytes, List<Band> bands) {
  private static final int STATS_BYTES = 40;
  private static final int BAND_BYTES = 16;

  /** What a band acted on; with a band that drops, what it dropped. */
  public record Band(long packets, long bytes) {}

  public MeterStats {
    bands = List.copyOf(bands);
  }

  /** What all bands together acted on. */
  public long packetsOverRate() {
    return bands.stream().mapToLong(Band::packets).sum();
  }

  /** Writes a request for one meter. */
  public static void request(int meter, int xid, ByteBuf out) {
    int start =
        Message.beginMultipart(out, Message.MULTIPART_REQUEST, xid, Message.METER_STATS, false);
    out.writeInt(meter).writeInt(0);
    Message.end(out, start);
  }

  /** Writes one part of an answer. */
  public static void encodeReply(List<MeterStats> meters, boolean more, int xid, ByteBuf out) {
    int start =
        Message.beginMultipart(out, Message.MULTIPART_REPLY, xid, Message.METER_STATS, more);
    for (MeterStats meter : meters) {
      out.writeInt(meter.id).writeShort(STATS_BYTES + BAND_BYTES * meter.bands.size()).writeZero(6);
      out.writeInt(0).writeLong(meter.packets).writeLong(meter.bytes).writeZero(8);
      meter.bands.forEach(band -> out.writeLong(band.packets).writeLong(band.bytes));
    }
    Message.end(out, start);
  }

  /** Adds the meters of one part of an answer, a whole message. */
  public static void decodeReply(ByteBuf in, List<MeterStats> into) {
    int end = Message.openMultipart(in, Message.METER_STATS, "meter statistics");
    while (in.readerIndex() < end) {
      into.add(decode(in, end));
    }
  }

  private static MeterStats decode(ByteBuf in, int listEnd) {
    int start = in.readerIndex();
    Wire.need(in, STATS_BYTES, listEnd, "meter statistics");
    int id = in.readInt();
    int length = in.readUnsignedShort();
    int end = Wire.end(start, length, STATS_BYTES, listEnd, "meter statistics");
    in.skipBytes(6 + 4);
    long packets = in.readLong();
    long bytes = in.readLong();
    in.skipBytes(8);
    List<Band> bands = new ArrayList<>(1);
    while (in.readerIndex() < end) {
      Wire.need(in, BAND_BYTES, end, "meter band statistics");
      bands.add(new Band(in.readLong(), in.readLong()));
    }
    return new MeterStats(id, packets, bytes, bands);
  }
}
