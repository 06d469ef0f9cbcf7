package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;

/**
 * The header of every OpenFlow message (1.5 §7.1), its types, and multipart bodies' common part.
 */
public final class Message {
  /** The longest message, and so the longest frame: the length has 16 bits. */
  public static final int BYTES_MAX = 0xffff;

  /** A header's length, the shortest message. */
  public static final int HEADER_BYTES = 8;

  public static final int HELLO = 0;
  public static final int ERROR = 1;
  public static final int ECHO_REQUEST = 2;
  public static final int ECHO_REPLY = 3;
  public static final int EXPERIMENTER = 4;
  public static final int FEATURES_REQUEST = 5;
  public static final int FEATURES_REPLY = 6;
  public static final int SET_CONFIG = 9;
  public static final int PACKET_IN = 10;
  public static final int PORT_STATUS = 12;
  public static final int PACKET_OUT = 13;
  public static final int FLOW_MOD = 14;
  public static final int GROUP_MOD = 15;
  public static final int MULTIPART_REQUEST = 18;
  public static final int MULTIPART_REPLY = 19;
  public static final int BARRIER_REQUEST = 20;
  public static final int BARRIER_REPLY = 21;
  public static final int ROLE_REQUEST = 24;
  public static final int ROLE_REPLY = 25;
  public static final int METER_MOD = 29;
  public static final int BUNDLE_CONTROL = 33;
  public static final int BUNDLE_ADD = 34;

  /** Multipart: flows with their statistics. */
  public static final int FLOW_DESC = 1;

  /** Multipart: groups. */
  public static final int GROUP_DESC = 7;

  /** Multipart: what meters have counted. */
  public static final int METER_STATS = 9;

  /** Multipart: meters. */
  public static final int METER_DESC = 10;

  /** Multipart: ports. */
  public static final int PORT_DESC = 13;

  private static final int MULTIPART_BYTES = 16;
  private static final int MORE = 1;

  private Message() {}

  /** Begins a message; returns where, for {@link #end}. */
  public static int begin(ByteBuf out, int type, int xid) {
    int start = out.writerIndex();
    out.writeByte(Wire.VERSION).writeByte(type).writeShort(0).writeInt(xid);
    return start;
  }

  /** Writes the length of a message that began there. */
  public static void end(ByteBuf out, int start) {
    Wire.closeLength(out, start, 2);
  }

  /** The type of the message at the reader's index. */
  public static int type(ByteBuf message) {
    return message.getUnsignedByte(message.readerIndex() + 1);
  }

  /** The transaction id of the message at the reader's index. */
  public static int xid(ByteBuf message) {
    return message.getInt(message.readerIndex() + 4);
  }

  /**
   * Steps into a whole message and returns its end.
   *
   * @throws OpenFlowFault when its length is not the length of what is there
   */
  static int open(ByteBuf in, int bytesMin, String what) {
    int start = in.readerIndex();
    Wire.need(in, HEADER_BYTES, in.writerIndex(), what);
    int length = in.getUnsignedShort(start + 2);
    int end = Wire.end(start, length, bytesMin, in.writerIndex(), what);
    in.skipBytes(HEADER_BYTES);
    return end;
  }

  /** Begins a multipart message; returns where. */
  static int beginMultipart(ByteBuf out, int type, int xid, int multipart, boolean more) {
    int start = begin(out, type, xid);
    out.writeShort(multipart).writeShort(more ? MORE : 0).writeInt(0);
    return start;
  }

  /** The multipart type of a whole multipart message. */
  public static int multipart(ByteBuf message) {
    if (message.readableBytes() < MULTIPART_BYTES) {
      throw new OpenFlowFault("a multipart message of " + message.readableBytes() + " bytes");
    }
    return message.getUnsignedShort(message.readerIndex() + 8);
  }

  /** Whether more parts follow a whole multipart message. */
  public static boolean more(ByteBuf message) {
    multipart(message);
    return (message.getUnsignedShort(message.readerIndex() + 10) & MORE) != 0;
  }

  /** Steps into a multipart message's body and returns its end. */
  static int openMultipart(ByteBuf in, int multipart, String what) {
    int end = open(in, MULTIPART_BYTES, what);
    int type = in.readUnsignedShort();
    if (type != multipart) {
      throw new OpenFlowFault("%s of multipart type %d".formatted(what, type));
    }
    in.skipBytes(6);
    return end;
  }
}
