package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;

/** OFPT_GROUP_MOD (OpenFlow 1.5 §7.3.4.3). */
final class GroupMods {
  static final int ADD = 0;
  static final int MODIFY = 1;
  private static final int DELETE = 2;
  private static final int ALL_BUCKETS = 0xffffffff;
  private static final int BYTES_MIN = 24;

  private GroupMods() {}

  static void put(GroupEntry group, int command, int xid, ByteBuf out) {
    int start = Message.begin(out, Message.GROUP_MOD, xid);
    out.writeShort(command).writeByte(group.type().code()).writeByte(0).writeInt(group.id());
    out.writeShort(0).writeShort(0).writeInt(ALL_BUCKETS);
    out.setShort(start + 16, group.encodeBody(out));
    Message.end(out, start);
  }

  static void delete(int id, int xid, ByteBuf out) {
    put(
        new GroupEntry(id, GroupEntry.Type.ALL, List.of(), Optional.empty(), List.of()),
        DELETE,
        xid,
        out);
  }

  static Mod decode(ByteBuf in) {
    int end = Message.open(in, BYTES_MIN, "group mod");
    int command = in.readUnsignedShort();
    int type = in.readUnsignedByte();
    in.skipBytes(1);
    int id = in.readInt();
    int bucketBytes = in.readUnsignedShort();
    in.skipBytes(6);
    GroupEntry group = GroupEntry.decodeBody(in, id, type, bucketBytes, end);
    return switch (command) {
      case ADD -> new Mod.GroupAdd(group);
      case MODIFY -> new Mod.GroupModify(group);
      case DELETE -> new Mod.GroupDelete(id);
      default -> throw new OpenFlowFault("a group mod with command " + command);
    };
  }
}
