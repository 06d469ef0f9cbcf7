package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;

/** The numbers of actions, and what their encodings share. */
final class ActionType {
  static final int OUTPUT = 0;
  static final int GROUP = 22;
  static final int DEC_NW_TTL = 24;
  static final int SET_FIELD = 25;
  static final int COPY_FIELD = 28;
  static final int METER = 29;
  static final int EXPERIMENTER = 0xffff;

  // Subtypes of Nicira's experimenter actions.
  static final int RESUBMIT = 1;
  static final int REG_MOVE = 6;
  static final int REG_LOAD = 7;
  static final int NOTE = 8;
  static final int RESUBMIT_TABLE = 14;
  static final int OUTPUT_REG = 15;
  static final int LEARN = 16;
  static final int EXIT = 17;
  static final int DEC_TTL = 18;
  static final int CONTROLLER = 20;
  static final int DEC_TTL_CNT_IDS = 21;
  static final int STACK_PUSH = 27;
  static final int STACK_POP = 28;
  static final int CONJUNCTION = 34;
  static final int CT = 35;
  static final int NAT = 36;
  static final int CONTROLLER2 = 37;
  static final int CLONE = 42;
  static final int CT_CLEAR = 43;
  static final int RESUBMIT_TABLE_CT = 44;
  static final int CHECK_PKT_LARGER = 49;

  private ActionType() {}

  /** Writes the 10 bytes every Nicira action begins with. */
  static void begin(ByteBuf out, int subtype, int length) {
    out.writeShort(EXPERIMENTER).writeShort(length).writeInt(Wire.NICIRA).writeShort(subtype);
  }

  /** Pads an action that began at an index and writes its length. */
  static void end(ByteBuf out, int start) {
    Wire.pad8(out, start);
    Wire.closeLength(out, start, 2);
  }

  static void stack(ByteBuf out, int subtype, Subfield subfield) {
    begin(out, subtype, 24);
    out.writeShort(subfield.offset()).writeInt(subfield.field().nicira());
    out.writeShort(subfield.bits()).writeZero(6);
  }
}
