package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;

/**
 * An error message of a switch (OpenFlow 1.5 §7.5.4): its type and code, and the first bytes of
 * what it answers.
 */
public record OpenFlowError(int type, int code, Octets data) {
  private static final int BYTES_MIN = 12;

  /** Reads a whole error message. */
  public static OpenFlowError decode(ByteBuf in) {
    int end = Message.open(in, BYTES_MIN, "error");
    int type = in.readUnsignedShort();
    int code = in.readUnsignedShort();
    return new OpenFlowError(type, code, Octets.read(in, end - in.readerIndex()));
  }

  /** Writes a whole error message. */
  public void encode(int xid, ByteBuf out) {
    int start = Message.begin(out, Message.ERROR, xid);
    out.writeShort(type).writeShort(code);
    data.write(out);
    Message.end(out, start);
  }

  @Override
  public String toString() {
    return "error type=" + type + " code=" + code;
  }
}
