package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * Sends to the controller of an id (Open vSwitch's NXAST_CONTROLLER and NXAST_CONTROLLER2). With
 * userdata, which comes back in the packet-in, the second form is used. A meter of 0 is none.
 */
public record Controller(
    Reason reason, int id, int maxLen, Octets userdata, boolean pause, int meter)
    implements Action {
  /** All of the packet. */
  public static final int WHOLE_PACKET = 0xffff;

  private static final int MAX_LEN = 0;
  private static final int CONTROLLER_ID = 1;
  private static final int REASON = 2;
  private static final int USERDATA = 3;
  private static final int PAUSE = 4;
  private static final int METER_ID = 5;

  /** The whole packet to a controller with userdata, as an action. */
  public static Controller to(int id, Octets userdata) {
    return new Controller(Reason.ACTION, id, WHOLE_PACKET, userdata, false, 0);
  }

  @Override
  public void encode(ByteBuf out) {
    if (userdata.length() == 0 && !pause && meter == 0) {
      ActionType.begin(out, ActionType.CONTROLLER, 16);
      out.writeShort(maxLen).writeShort(id).writeByte(reason.code()).writeByte(0);
      return;
    }
    int start = out.writerIndex();
    ActionType.begin(out, ActionType.CONTROLLER2, 0);
    out.writeZero(6);
    if (maxLen != WHOLE_PACKET) {
      out.writeShort(MAX_LEN).writeShort(6).writeShort(maxLen).writeZero(2);
    }
    if (id != 0) {
      out.writeShort(CONTROLLER_ID).writeShort(6).writeShort(id).writeZero(2);
    }
    if (reason != Reason.ACTION) {
      out.writeShort(REASON).writeShort(5).writeByte(reason.code()).writeZero(3);
    }
    if (userdata.length() != 0) {
      int property = out.writerIndex();
      out.writeShort(USERDATA).writeShort(4 + userdata.length());
      userdata.write(out);
      Wire.pad8(out, property);
    }
    if (pause) {
      out.writeShort(PAUSE).writeShort(4).writeZero(4);
    }
    if (meter != 0) {
      out.writeShort(METER_ID).writeShort(8).writeInt(meter);
    }
    ActionType.end(out, start);
  }

  /** Reads what follows NXAST_CONTROLLER's subtype. */
  static Optional<Action> decodePlain(ByteBuf in, int end) {
    Wire.need(in, 6, end, "controller");
    int maxLen = in.readUnsignedShort();
    int id = in.readUnsignedShort();
    Optional<Reason> reason = Reason.of(in.readUnsignedByte());
    return reason.map(known -> new Controller(known, id, maxLen, Octets.EMPTY, false, 0));
  }

  /** Reads what follows NXAST_CONTROLLER2's subtype; empty when it has an unknown property. */
  static Optional<Action> decode(ByteBuf in, int end) {
    Wire.need(in, 6, end, "controller2");
    in.skipBytes(6);
    int maxLen = WHOLE_PACKET;
    int id = 0;
    Optional<Reason> reason = Optional.of(Reason.ACTION);
    Octets userdata = Octets.EMPTY;
    boolean pause = false;
    int meter = 0;
    while (in.readerIndex() < end) {
      int start = in.readerIndex();
      Wire.need(in, 4, end, "controller2 property");
      int type = in.readUnsignedShort();
      int length = in.readUnsignedShort();
      Wire.end(start, length, 4, end, "controller2 property");
      int next = Wire.end(start, Wire.padded8(length), 8, end, "controller2 property");
      switch (type) {
        case MAX_LEN -> maxLen = in.readUnsignedShort();
        case CONTROLLER_ID -> id = in.readUnsignedShort();
        case REASON -> reason = Reason.of(in.readUnsignedByte());
        case USERDATA -> userdata = Octets.read(in, length - 4);
        case PAUSE -> pause = true;
        case METER_ID -> meter = in.readInt();
        default -> {
          return Optional.empty();
        }
      }
      in.readerIndex(next);
    }
    if (reason.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Controller(reason.get(), id, maxLen, userdata, pause, meter));
  }

  @Override
  public String toString() {
    boolean plain = id == 0 && userdata.length() == 0 && !pause && meter == 0;
    if (reason == Reason.ACTION && plain) {
      return "CONTROLLER:" + maxLen;
    }
    StringBuilder text = new StringBuilder("controller(");
    if (reason != Reason.ACTION) {
      text.append("reason=").append(reason.text()).append(',');
    }
    if (maxLen != WHOLE_PACKET) {
      text.append("max_len=").append(maxLen).append(',');
    }
    if (id != 0) {
      text.append("id=").append(id).append(',');
    }
    if (userdata.length() != 0) {
      text.append("userdata=").append(userdata.toString().replaceAll("(..)(?=.)", "$1."));
      text.append(',');
    }
    if (pause) {
      text.append("pause,");
    }
    if (meter != 0) {
      text.append("meter_id=").append(Integer.toUnsignedString(meter)).append(',');
    }
    text.setLength(text.length() - 1);
    return text.append(')').toString();
  }
}
