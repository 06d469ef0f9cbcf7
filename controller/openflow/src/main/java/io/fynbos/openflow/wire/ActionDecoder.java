package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads actions; whatever is not exactly of a known form stays as bytes. */
final class ActionDecoder {
  /** How deep actions may hold actions; deeper ones stay bytes. */
  private static final int DEPTH_MAX = 8;

  private ActionDecoder() {}

  static Action decode(ByteBuf in, int listEnd, int depth) {
    int start = in.readerIndex();
    Wire.need(in, 8, listEnd, "action");
    int type = in.readUnsignedShort();
    int length = in.readUnsignedShort();
    int end = Wire.end(start, length, 8, listEnd, "action");
    if ((length & 7) != 0) {
      throw new OpenFlowFault("an action of " + length + " bytes");
    }
    Action known = depth > DEPTH_MAX ? null : known(in, type, length, end, depth);
    in.readerIndex(end);
    return known == null ? new Action.Unknown(Octets.copy(in, start, length)) : known;
  }

  private static @Nullable Action known(ByteBuf in, int type, int length, int end, int depth) {
    try {
      return switch (type) {
        case ActionType.OUTPUT ->
            length == 16 ? new Action.Output(in.readInt(), in.readUnsignedShort()) : null;
        case ActionType.GROUP -> length == 8 ? new Action.Group(in.readInt()) : null;
        case ActionType.METER -> length == 8 ? new Action.Meter(in.readInt()) : null;
        case ActionType.DEC_NW_TTL -> length == 8 ? Action.DecTtl.PLAIN : null;
        case ActionType.SET_FIELD -> setField(in, end);
        case ActionType.COPY_FIELD -> length == 24 ? copyField(in) : null;
        case ActionType.EXPERIMENTER -> length < 16 ? null : nicira(in, length, end, depth);
        default -> null;
      };
    } catch (IllegalArgumentException outOfRange) {
      return null;
    }
  }

  private static @Nullable Action setField(ByteBuf in, int end) {
    Oxm oxm = Oxm.decode(in, end);
    return end - in.readerIndex() < 8 ? new Action.SetField(oxm) : null;
  }

  private static @Nullable Action copyField(ByteBuf in) {
    int bits = in.readUnsignedShort();
    int fromOffset = in.readUnsignedShort();
    int toOffset = in.readUnsignedShort();
    in.skipBytes(2);
    Subfield from = subfield(in.readInt(), fromOffset, bits);
    Subfield to = subfield(in.readInt(), toOffset, bits);
    return from == null || to == null ? null : new Action.Move(from, to);
  }

  private static @Nullable Action nicira(ByteBuf in, int length, int end, int depth) {
    if (in.readInt() != Wire.NICIRA) {
      return null;
    }
    int subtype = in.readUnsignedShort();
    return switch (subtype) {
      case ActionType.RESUBMIT, ActionType.RESUBMIT_TABLE, ActionType.RESUBMIT_TABLE_CT ->
          length == 16 ? resubmit(in, subtype) : null;
      case ActionType.REG_MOVE -> length == 24 ? niciraMove(in) : null;
      case ActionType.REG_LOAD -> length == 24 ? load(in) : null;
      case ActionType.OUTPUT_REG -> length == 24 ? outputReg(in) : null;
      case ActionType.STACK_PUSH, ActionType.STACK_POP -> length == 24 ? stack(in, subtype) : null;
      case ActionType.CONJUNCTION -> length == 16 ? conjunction(in) : null;
      case ActionType.DEC_TTL -> length == 16 ? Action.DecTtl.PLAIN : null;
      case ActionType.DEC_TTL_CNT_IDS -> decTtl(in, end);
      case ActionType.CHECK_PKT_LARGER -> length == 24 ? checkPktLarger(in) : null;
      case ActionType.CLONE -> {
        in.skipBytes(6);
        yield new Action.Clone(Actions.decode(in, end, depth + 1));
      }
      case ActionType.NOTE -> new Action.Note(Octets.read(in, end - in.readerIndex()));
      case ActionType.CT_CLEAR -> length == 16 ? new Action.CtClear() : null;
      case ActionType.EXIT -> length == 16 ? new Action.Exit() : null;
      case ActionType.CT -> length < 24 ? null : Ct.decode(in, end, depth).orElse(null);
      case ActionType.NAT -> Nat.decode(in, end);
      case ActionType.LEARN -> length < 32 ? null : Learn.decode(in, end).orElse(null);
      case ActionType.CONTROLLER ->
          length == 16 ? Controller.decodePlain(in, end).orElse(null) : null;
      case ActionType.CONTROLLER2 -> Controller.decode(in, end).orElse(null);
      default -> null;
    };
  }

  /** A range of a field given by its header, or null when the field or the range is unknown. */
  static @Nullable Subfield subfield(int header, int offset, int bits) {
    OxmField field = OxmField.ofKey(header >>> 9);
    boolean plain = (header & 0x100) == 0;
    if (field == null || !plain || bits < 1 || offset + bits > field.bits()) {
      return null;
    }
    return new Subfield(field, offset, bits);
  }

  private static Action resubmit(ByteBuf in, int subtype) {
    int port = in.readUnsignedShort();
    int table = in.readUnsignedByte();
    boolean samePort = port == Action.Resubmit.SAME_PORT;
    boolean sameTable = subtype == ActionType.RESUBMIT || table == Action.Resubmit.SAME_TABLE;
    return new Action.Resubmit(
        samePort ? OptionalInt.empty() : OptionalInt.of(port),
        sameTable ? OptionalInt.empty() : OptionalInt.of(table),
        subtype == ActionType.RESUBMIT_TABLE_CT);
  }

  private static @Nullable Action niciraMove(ByteBuf in) {
    int bits = in.readUnsignedShort();
    int fromOffset = in.readUnsignedShort();
    int toOffset = in.readUnsignedShort();
    Subfield from = subfield(in.readInt(), fromOffset, bits);
    Subfield to = subfield(in.readInt(), toOffset, bits);
    return from == null || to == null ? null : new Action.Move(from, to);
  }

  private static @Nullable Action load(ByteBuf in) {
    int range = in.readUnsignedShort();
    Subfield to = subfield(in.readInt(), range >> 6, (range & 63) + 1);
    return to == null ? null : new Action.RegLoad(to, in.readLong());
  }

  private static @Nullable Action outputReg(ByteBuf in) {
    int range = in.readUnsignedShort();
    Subfield port = subfield(in.readInt(), range >> 6, (range & 63) + 1);
    return port == null ? null : new Action.OutputReg(port, in.readUnsignedShort());
  }

  private static @Nullable Action stack(ByteBuf in, int subtype) {
    int offset = in.readUnsignedShort();
    int header = in.readInt();
    Subfield subfield = subfield(header, offset, in.readUnsignedShort());
    if (subfield == null) {
      return null;
    }
    return subtype == ActionType.STACK_PUSH ? new Action.Push(subfield) : new Action.Pop(subfield);
  }

  private static Action conjunction(ByteBuf in) {
    int clause = in.readUnsignedByte() + 1;
    int clauses = in.readUnsignedByte();
    return new Action.Conjunction(in.readInt(), clause, clauses);
  }

  private static Action decTtl(ByteBuf in, int end) {
    int count = in.readUnsignedShort();
    in.skipBytes(4);
    Wire.need(in, count * 2, end, "dec_ttl controllers");
    List<Integer> controllers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      controllers.add(in.readUnsignedShort());
    }
    return new Action.DecTtl(controllers);
  }

  private static @Nullable Action checkPktLarger(ByteBuf in) {
    int bytes = in.readUnsignedShort();
    int offset = in.readUnsignedShort();
    Subfield into = subfield(in.readInt(), offset, 1);
    return into == null ? null : new Action.CheckPktLarger(bytes, into);
  }
}
