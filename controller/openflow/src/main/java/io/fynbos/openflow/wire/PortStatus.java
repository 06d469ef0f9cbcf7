package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;

/** A port of a switch came, went or changed (OpenFlow 1.5 §7.4.3). */
public record PortStatus(Change change, PortDescription port) {
  private static final int BYTES_MIN = 16;

  /** What happened to it. */
  public enum Change {
    ADDED,
    DELETED,
    MODIFIED
  }

  /** Reads a whole port status. */
  public static PortStatus decode(ByteBuf in) {
    int end = Message.open(in, BYTES_MIN, "port status");
    int reason = in.readUnsignedByte();
    in.skipBytes(7);
    Change change =
        switch (reason) {
          case 0 -> Change.ADDED;
          case 1 -> Change.DELETED;
          case 2 -> Change.MODIFIED;
          default -> throw new OpenFlowFault("a port status for reason " + reason);
        };
    return new PortStatus(change, PortDescription.decode(in, end));
  }

  /** Writes a whole port status. */
  public void encode(int xid, ByteBuf out) {
    int start = Message.begin(out, Message.PORT_STATUS, xid);
    int reason =
        switch (change) {
          case ADDED -> 0;
          case DELETED -> 1;
          case MODIFIED -> 2;
        };
    out.writeByte(reason).writeZero(7);
    port.encode(out);
    Message.end(out, start);
  }
}
