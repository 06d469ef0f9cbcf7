package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One instruction of a flow (OpenFlow 1.5 §7.2.5). A meter is an {@link Action} in this version.
 */
public sealed interface Instruction {
  /** Applies these actions at once, in order. */
  static Instruction apply(Action... actions) {
    return new ApplyActions(List.of(actions));
  }

  /** Goes on in a later table. */
  static Instruction gotoTable(int table) {
    return new GotoTable(table);
  }

  /** Writes the instruction with its padding. */
  void encode(ByteBuf out);

  /** When it is carried out among a flow's instructions, whatever their order in the message. */
  int turn();

  /** Applies actions at once. */
  record ApplyActions(List<Action> actions) implements Instruction {
    static final int TYPE = 4;

    public ApplyActions {
      actions = List.copyOf(actions);
    }

    @Override
    public void encode(ByteBuf out) {
      Instruction.encode(out, TYPE, actions);
    }

    @Override
    public int turn() {
      return 1;
    }

    @Override
    public String toString() {
      return Actions.text(actions, "", "");
    }
  }

  /** Empties the action set. */
  record ClearActions() implements Instruction {
    static final int TYPE = 5;

    @Override
    public void encode(ByteBuf out) {
      out.writeShort(TYPE).writeShort(8).writeInt(0);
    }

    @Override
    public int turn() {
      return 2;
    }

    @Override
    public String toString() {
      return "clear_actions";
    }
  }

  /** Merges into the action set. */
  record WriteActions(List<Action> actions) implements Instruction {
    static final int TYPE = 3;

    public WriteActions {
      actions = List.copyOf(actions);
    }

    @Override
    public void encode(ByteBuf out) {
      Instruction.encode(out, TYPE, actions);
    }

    @Override
    public int turn() {
      return 3;
    }

    @Override
    public String toString() {
      return "write_actions(" + (actions.isEmpty() ? "drop" : Actions.text(actions, "", "")) + ")";
    }
  }

  /** Sets metadata under a mask. */
  record WriteMetadata(long metadata, long mask) implements Instruction {
    static final int TYPE = 2;

    @Override
    public void encode(ByteBuf out) {
      out.writeShort(TYPE).writeShort(24).writeInt(0).writeLong(metadata).writeLong(mask);
    }

    @Override
    public int turn() {
      return 4;
    }

    @Override
    public String toString() {
      return "write_metadata:"
          + OxmText.hex(metadata)
          + (mask == -1L ? "" : "/" + OxmText.hex(mask));
    }
  }

  /** Goes on in a later table. */
  record GotoTable(int table) implements Instruction {
    static final int TYPE = 1;

    @Override
    public void encode(ByteBuf out) {
      out.writeShort(TYPE).writeShort(8).writeByte(table).writeZero(3);
    }

    @Override
    public int turn() {
      return 5;
    }

    @Override
    public String toString() {
      return "goto_table:" + table;
    }
  }

  /** An instruction this package does not know, as it came. */
  record Unknown(Octets bytes) implements Instruction {
    @Override
    public void encode(ByteBuf out) {
      bytes.write(out);
    }

    @Override
    public int turn() {
      return 6;
    }

    @Override
    public String toString() {
      return "unknown_instruction(" + bytes + ")";
    }
  }

  private static void encode(ByteBuf out, int type, List<Action> actions) {
    int start = out.writerIndex();
    out.writeShort(type).writeShort(0).writeInt(0);
    Actions.encode(actions, out);
    Wire.closeLength(out, start, 2);
  }

  /** Reads one instruction that must end at or before an index. */
  static Instruction decode(ByteBuf in, int listEnd) {
    int start = in.readerIndex();
    Wire.need(in, 8, listEnd, "instruction");
    int type = in.readUnsignedShort();
    int length = in.readUnsignedShort();
    int end = Wire.end(start, length, 8, listEnd, "instruction");
    Instruction known = known(in, type, length, end);
    in.readerIndex(end);
    return known == null ? new Unknown(Octets.copy(in, start, length)) : known;
  }

  private static @Nullable Instruction known(ByteBuf in, int type, int length, int end) {
    if (type == ApplyActions.TYPE) {
      in.skipBytes(4);
      return new ApplyActions(Actions.decode(in, end));
    }
    if (type == WriteActions.TYPE) {
      in.skipBytes(4);
      return new WriteActions(Actions.decode(in, end));
    }
    if (type == WriteMetadata.TYPE && length == 24) {
      in.skipBytes(4);
      return new WriteMetadata(in.readLong(), in.readLong());
    }
    if (length != 8) {
      return null;
    }
    return switch (type) {
      case GotoTable.TYPE -> new GotoTable(in.readUnsignedByte());
      case ClearActions.TYPE -> new ClearActions();
      default -> null;
    };
  }
}
