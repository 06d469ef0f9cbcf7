package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * One bucket of a group (OpenFlow 1.5 §7.3.4.3). A watch of {@link Ports#ANY} is none. Properties
 * this package does not know stay as bytes.
 */
public record Bucket(
    int id, int weight, int watchPort, int watchGroup, List<Action> actions, List<Octets> unknown) {
  private static final int WEIGHT = 0;
  private static final int WATCH_PORT = 1;
  private static final int WATCH_GROUP = 2;

  public Bucket {
    actions = List.copyOf(actions);
    unknown = List.copyOf(unknown);
  }

  /** A bucket of a select group, live while its port is. */
  public static Bucket watching(int id, int weight, int port, Action... actions) {
    return new Bucket(id, weight, port, Ports.ANY, List.of(actions), List.of());
  }

  /** A bucket that is always live. */
  public static Bucket of(int id, int weight, Action... actions) {
    return watching(id, weight, Ports.ANY, actions);
  }

  void encode(GroupEntry.Type type, ByteBuf out) {
    int start = out.writerIndex();
    out.writeShort(0).writeShort(0).writeInt(id);
    int actionsStart = out.writerIndex();
    Actions.encode(actions, out);
    out.setShort(start + 2, out.writerIndex() - actionsStart);
    if (type == GroupEntry.Type.SELECT || weight != 0) {
      out.writeShort(WEIGHT).writeShort(8).writeShort(weight).writeZero(2);
    }
    if (watchPort != Ports.ANY) {
      out.writeShort(WATCH_PORT).writeShort(8).writeInt(watchPort);
    }
    if (watchGroup != Ports.ANY) {
      out.writeShort(WATCH_GROUP).writeShort(8).writeInt(watchGroup);
    }
    unknown.forEach(property -> property.write(out));
    Wire.closeLength(out, start, 0);
  }

  static Bucket decode(ByteBuf in, int listEnd, GroupEntry.Type type) {
    int start = in.readerIndex();
    Wire.need(in, 8, listEnd, "bucket");
    int length = in.readUnsignedShort();
    int actionBytes = in.readUnsignedShort();
    int id = in.readInt();
    int end = Wire.end(start, length, 8, listEnd, "bucket");
    int actionsEnd = Wire.end(in.readerIndex(), actionBytes, 0, end, "bucket actions");
    List<Action> actions = Actions.decode(in, actionsEnd);
    int weight = type == GroupEntry.Type.SELECT ? 1 : 0;
    int watchPort = Ports.ANY;
    int watchGroup = Ports.ANY;
    List<Octets> unknown = new ArrayList<>(0);
    while (in.readerIndex() < end) {
      int property = in.readerIndex();
      Wire.need(in, 4, end, "bucket property");
      int kind = in.readUnsignedShort();
      int bytes = in.readUnsignedShort();
      Wire.end(property, bytes, 4, end, "bucket property");
      int next = Wire.end(property, Wire.padded8(bytes), 8, end, "bucket property");
      boolean known = bytes == 8 || (bytes == 6 && kind == WEIGHT);
      switch (known ? kind : -1) {
        case WEIGHT -> weight = in.readUnsignedShort();
        case WATCH_PORT -> watchPort = in.readInt();
        case WATCH_GROUP -> watchGroup = in.readInt();
        default -> unknown.add(Octets.copy(in, property, next - property));
      }
      in.readerIndex(next);
    }
    return new Bucket(id, weight, watchPort, watchGroup, actions, unknown);
  }

  /** As ovs-ofctl writes it in a group of a type: the usual weight is left out. */
  String text(GroupEntry.Type type) {
    StringBuilder text =
        new StringBuilder("bucket=bucket_id:").append(Integer.toUnsignedString(id));
    if (weight != (type == GroupEntry.Type.SELECT ? 1 : 0)) {
      text.append(",weight:").append(weight);
    }
    if (watchPort != Ports.ANY) {
      text.append(",watch_port:").append(Ports.text(watchPort));
    }
    if (watchGroup != Ports.ANY) {
      text.append(",watch_group:").append(Integer.toUnsignedString(watchGroup));
    }
    return text.append(",actions=")
        .append(actions.isEmpty() ? "drop" : Actions.text(actions, "", ""))
        .toString();
  }

  @Override
  public String toString() {
    return text(GroupEntry.Type.SELECT);
  }
}
