package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A packet we send through a switch (OpenFlow 1.5 §7.3.6), with the pipeline fields it begins with.
 */
public record PacketOut(Match match, List<Action> actions, Octets frame) {
  private static final int NO_BUFFER = 0xffffffff;
  private static final int BYTES_MIN = 24;

  public PacketOut {
    actions = List.copyOf(actions);
    if (match.field(OxmField.IN_PORT).isEmpty()) {
      throw new IllegalArgumentException("a packet-out has an in_port");
    }
  }

  /** Through these actions, as if it came from the controller. */
  public static PacketOut of(Octets frame, Action... actions) {
    Match match = Match.builder().inPort(Ports.CONTROLLER).build();
    return new PacketOut(match, List.of(actions), frame);
  }

  /** Writes the whole message. */
  public void encode(int xid, ByteBuf out) {
    int start = Message.begin(out, Message.PACKET_OUT, xid);
    out.writeInt(NO_BUFFER).writeShort(0).writeShort(0);
    match.encode(out);
    int actionsStart = out.writerIndex();
    Actions.encode(actions, out);
    out.setShort(start + 12, out.writerIndex() - actionsStart);
    frame.write(out);
    Message.end(out, start);
  }

  /** Reads a whole packet-out. */
  public static PacketOut decode(ByteBuf in) {
    int end = Message.open(in, BYTES_MIN, "packet-out");
    in.skipBytes(4);
    int actionBytes = in.readUnsignedShort();
    in.skipBytes(2);
    Match match = Match.decode(in, end);
    int actionsEnd = Wire.end(in.readerIndex(), actionBytes, 0, end, "packet-out actions");
    List<Action> actions = Actions.decode(in, actionsEnd);
    Octets frame = Octets.read(in, end - in.readerIndex());
    try {
      return new PacketOut(match, actions, frame);
    } catch (IllegalArgumentException noPort) {
      throw new OpenFlowFault("a packet-out without in_port", noPort);
    }
  }
}
