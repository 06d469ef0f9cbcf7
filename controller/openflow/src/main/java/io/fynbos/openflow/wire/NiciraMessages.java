package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;

/** Open vSwitch's experimenter messages that set up a session (nicira-ext.h). */
public final class NiciraMessages {
  private static final int SET_PACKET_IN_FORMAT = 16;
  private static final int SET_CONTROLLER_ID = 20;
  private static final int PACKET_IN2 = 2;

  private NiciraMessages() {}

  /** Asks for packets as NXT_PACKET_IN2. */
  public static void packetInFormat(int xid, ByteBuf out) {
    int start = Message.begin(out, Message.EXPERIMENTER, xid);
    out.writeInt(Wire.NICIRA).writeInt(SET_PACKET_IN_FORMAT).writeInt(PACKET_IN2);
    Message.end(out, start);
  }

  /** Says which packets for controllers by id are for us. */
  public static void controllerId(int id, int xid, ByteBuf out) {
    int start = Message.begin(out, Message.EXPERIMENTER, xid);
    out.writeInt(Wire.NICIRA).writeInt(SET_CONTROLLER_ID).writeZero(6).writeShort(id);
    Message.end(out, start);
  }
}
