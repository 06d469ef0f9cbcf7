package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A port as a switch describes it (OpenFlow 1.5 §7.2.1). The MAC is in the low 48 bits. Its
 * properties, such as speeds, are left out, whatever they are.
 */
public record PortDescription(int number, String name, long mac, boolean adminUp, boolean linkUp) {
  private static final int BYTES_MIN = 40;
  private static final int NAME_BYTES = 16;
  private static final int CONFIG_DOWN = 1;
  private static final int STATE_LINK_DOWN = 1;

  /** Writes a request for all ports (OFPMP_PORT_DESC). */
  public static void request(int xid, ByteBuf out) {
    int start =
        Message.beginMultipart(out, Message.MULTIPART_REQUEST, xid, Message.PORT_DESC, false);
    out.writeInt(Ports.ANY).writeInt(0);
    Message.end(out, start);
  }

  /** Adds the ports of one part of an answer, a whole message. */
  public static void decodeReply(ByteBuf in, List<PortDescription> into) {
    int end = Message.openMultipart(in, Message.PORT_DESC, "port description");
    while (in.readerIndex() < end) {
      into.add(decode(in, end));
    }
  }

  static PortDescription decode(ByteBuf in, int listEnd) {
    int start = in.readerIndex();
    Wire.need(in, BYTES_MIN, listEnd, "port");
    int number = in.readInt();
    int length = in.readUnsignedShort();
    int end = Wire.end(start, length, BYTES_MIN, listEnd, "port");
    in.skipBytes(2);
    long mac = Wire.readNumber(in, 6);
    in.skipBytes(2);
    int nameBytes = in.bytesBefore(NAME_BYTES, (byte) 0);
    int nameLength = nameBytes < 0 ? NAME_BYTES : nameBytes;
    String name = in.toString(in.readerIndex(), nameLength, StandardCharsets.ISO_8859_1);
    in.skipBytes(NAME_BYTES);
    int config = in.readInt();
    int state = in.readInt();
    in.readerIndex(end);
    return new PortDescription(
        number, name, mac, (config & CONFIG_DOWN) == 0, (state & STATE_LINK_DOWN) == 0);
  }

  /** Writes the port without properties. */
  void encode(ByteBuf out) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    int nameLength = Math.min(bytes.length, NAME_BYTES);
    out.writeInt(number).writeShort(BYTES_MIN).writeZero(2);
    Wire.writeNumber(out, mac, 6);
    out.writeZero(2).writeBytes(bytes, 0, nameLength).writeZero(NAME_BYTES - nameLength);
    out.writeInt(adminUp ? 0 : CONFIG_DOWN).writeInt(linkUp ? 0 : STATE_LINK_DOWN);
  }
}
