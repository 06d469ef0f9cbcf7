package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * One action of a flow or bucket: OpenFlow 1.5 §7.2.6 and Open vSwitch's extensions
 * (ofp-actions.c). Its text is that of ovs-ofctl. Dropping is having no action.
 */
public sealed interface Action
    permits Action.Output,
        Action.OutputReg,
        Action.SetField,
        Action.Move,
        Action.RegLoad,
        Action.Push,
        Action.Pop,
        Action.Resubmit,
        Action.Conjunction,
        Action.DecTtl,
        Action.CheckPktLarger,
        Action.Group,
        Action.Meter,
        Action.Clone,
        Action.Note,
        Action.CtClear,
        Action.Exit,
        Action.Unknown,
        Ct,
        Nat,
        Learn,
        Controller {

  /** Writes the action with its padding. */
  void encode(ByteBuf out);

  /** Sends to a port. */
  static Action output(int port) {
    return new Output(port, port == Ports.CONTROLLER ? 0xffff : 0);
  }

  /** Sends to the port whose number a subfield holds. */
  static Action output(Subfield port) {
    return new OutputReg(port, 0xffff);
  }

  /** Sets all of a field of up to 64 bits. */
  static Action set(OxmField field, long value) {
    return new SetField(Oxm.of(field, value));
  }

  /** Sets some bits of a field of up to 64 bits. */
  static Action set(OxmField field, long value, long mask) {
    return new SetField(Oxm.masked(field, value, mask));
  }

  /** Loads a number into a subfield of a field of up to 64 bits. */
  static Action load(long value, Subfield into) {
    long ones = into.bits() == 64 ? -1L : (1L << into.bits()) - 1;
    if ((value & ~ones) != 0) {
      throw new IllegalArgumentException("%#x does not fit %s".formatted(value, into));
    }
    return set(into.field(), value << into.offset(), ones << into.offset());
  }

  /** Copies all of a field into another of the same width. */
  static Action move(OxmField from, OxmField to) {
    return new Move(Subfield.of(from), Subfield.of(to));
  }

  /** Goes through a table and comes back. */
  static Action resubmit(int table) {
    return new Resubmit(OptionalInt.empty(), OptionalInt.of(table), false);
  }

  /** Output to a port; maxLen counts only towards the controller. */
  record Output(int port, int maxLen) implements Action {
    @Override
    public void encode(ByteBuf out) {
      out.writeShort(ActionType.OUTPUT).writeShort(16).writeInt(port).writeShort(maxLen);
      out.writeZero(6);
    }

    @Override
    public String toString() {
      if (port == Ports.CONTROLLER) {
        return "CONTROLLER:" + maxLen;
      }
      return Ports.reserved(port) ? Ports.text(port) : "output:" + Ports.text(port);
    }
  }

  /** Output to the port a subfield names. */
  record OutputReg(Subfield port, int maxLen) implements Action {
    @Override
    public void encode(ByteBuf out) {
      ActionType.begin(out, ActionType.OUTPUT_REG, 24);
      out.writeShort(port.offsetAndBits()).writeInt(port.field().nicira()).writeShort(maxLen);
      out.writeZero(6);
    }

    @Override
    public String toString() {
      return "output:" + port;
    }
  }

  /** Sets a field, wholly or under a mask. */
  record SetField(Oxm oxm) implements Action {
    @Override
    public void encode(ByteBuf out) {
      int start = out.writerIndex();
      out.writeShort(ActionType.SET_FIELD).writeShort(Wire.padded8(4 + oxm.wireBytes()));
      oxm.encode(out);
      Wire.pad8(out, start);
    }

    @Override
    public String toString() {
      String field =
          oxm instanceof Oxm.Narrow narrow
              ? narrow.field().label()
              : oxm instanceof Oxm.Wide wide ? wide.field().label() : "unknown";
      return "set_field:" + oxm.valueText() + "->" + field;
    }
  }

  /** Copies bits from one field to another (copy_field of OpenFlow 1.5). */
  record Move(Subfield from, Subfield to) implements Action {
    public Move {
      if (from.bits() != to.bits()) {
        throw new IllegalArgumentException("%s and %s differ in width".formatted(from, to));
      }
    }

    @Override
    public void encode(ByteBuf out) {
      out.writeShort(ActionType.COPY_FIELD).writeShort(24).writeShort(from.bits());
      out.writeShort(from.offset()).writeShort(to.offset()).writeZero(2);
      out.writeInt(from.field().header()).writeInt(to.field().header()).writeZero(4);
    }

    @Override
    public String toString() {
      return "move:" + from + "->" + to;
    }
  }

  /** Nicira's load; Open vSwitch answers OpenFlow 1.5 with set_field, see {@link #load}. */
  record RegLoad(Subfield to, long value) implements Action {
    @Override
    public void encode(ByteBuf out) {
      ActionType.begin(out, ActionType.REG_LOAD, 24);
      out.writeShort(to.offsetAndBits()).writeInt(to.field().nicira()).writeLong(value);
    }

    @Override
    public String toString() {
      return "load:" + OxmText.hex(value) + "->" + to;
    }
  }

  /** Pushes a subfield on the stack. */
  record Push(Subfield from) implements Action {
    @Override
    public void encode(ByteBuf out) {
      ActionType.stack(out, ActionType.STACK_PUSH, from);
    }

    @Override
    public String toString() {
      return "push:" + from;
    }
  }

  /** Pops the stack into a subfield. */
  record Pop(Subfield to) implements Action {
    @Override
    public void encode(ByteBuf out) {
      ActionType.stack(out, ActionType.STACK_POP, to);
    }

    @Override
    public String toString() {
      return "pop:" + to;
    }
  }

  /**
   * Goes through a table, or this one, as if the packet came in by another port, or the same; with
   * ct, on the original tuple.
   */
  record Resubmit(OptionalInt inPort, OptionalInt table, boolean ct) implements Action {
    static final int SAME_PORT = 0xfff8;
    static final int SAME_TABLE = 0xff;

    @Override
    public void encode(ByteBuf out) {
      int subtype =
          ct
              ? ActionType.RESUBMIT_TABLE_CT
              : table.isPresent() ? ActionType.RESUBMIT_TABLE : ActionType.RESUBMIT;
      ActionType.begin(out, subtype, 16);
      out.writeShort(inPort.orElse(SAME_PORT)).writeByte(table.orElse(table(subtype)));
      out.writeZero(3);
    }

    private static int table(int subtype) {
      return subtype == ActionType.RESUBMIT ? 0 : SAME_TABLE;
    }

    @Override
    public String toString() {
      if (inPort.isPresent() && table.isEmpty() && !ct) {
        return "resubmit:" + inPort.getAsInt();
      }
      return "resubmit("
          + (inPort.isPresent() ? Integer.toString(inPort.getAsInt()) : "")
          + ","
          + (table.isPresent() ? Integer.toString(table.getAsInt()) : "")
          + (ct ? ",ct)" : ")");
    }
  }

  /** This flow meets one clause, counted from 1, of so many of a conjunction. */
  record Conjunction(int id, int clause, int clauses) implements Action {
    public Conjunction {
      if (clauses < 2 || clauses > 64 || clause < 1 || clause > clauses) {
        throw new IllegalArgumentException("there is no clause " + clause + " of " + clauses);
      }
    }

    @Override
    public void encode(ByteBuf out) {
      ActionType.begin(out, ActionType.CONJUNCTION, 16);
      out.writeByte(clause - 1).writeByte(clauses).writeInt(id);
    }

    @Override
    public String toString() {
      return "conjunction(" + Integer.toUnsignedString(id) + "," + clause + "/" + clauses + ")";
    }
  }

  /** Decrements the TTL; an expired one goes to these controllers, to controller 0 if none. */
  record DecTtl(List<Integer> controllers) implements Action {
    /** Plain dec_ttl. */
    public static final DecTtl PLAIN = new DecTtl(List.of());

    public DecTtl {
      controllers = List.copyOf(controllers);
    }

    @Override
    public void encode(ByteBuf out) {
      if (controllers.isEmpty()) {
        out.writeShort(ActionType.DEC_NW_TTL).writeShort(8).writeInt(0);
        return;
      }
      int start = out.writerIndex();
      ActionType.begin(out, ActionType.DEC_TTL_CNT_IDS, 0);
      out.writeShort(controllers.size()).writeZero(4);
      controllers.forEach(out::writeShort);
      ActionType.end(out, start);
    }

    @Override
    public String toString() {
      return controllers.isEmpty()
          ? "dec_ttl"
          : controllers.stream()
              .map(String::valueOf)
              .collect(Collectors.joining(",", "dec_ttl(", ")"));
    }
  }

  /** Sets a bit when the frame is longer than so many bytes. */
  record CheckPktLarger(int bytes, Subfield into) implements Action {
    @Override
    public void encode(ByteBuf out) {
      ActionType.begin(out, ActionType.CHECK_PKT_LARGER, 24);
      out.writeShort(bytes).writeShort(into.offset()).writeInt(into.field().nicira());
      out.writeZero(6);
    }

    @Override
    public String toString() {
      return "check_pkt_larger(" + bytes + ")->" + into;
    }
  }

  /** Through a group. */
  record Group(int id) implements Action {
    @Override
    public void encode(ByteBuf out) {
      out.writeShort(ActionType.GROUP).writeShort(8).writeInt(id);
    }

    @Override
    public String toString() {
      return "group:" + Integer.toUnsignedString(id);
    }
  }

  /** Through a meter. */
  record Meter(int id) implements Action {
    @Override
    public void encode(ByteBuf out) {
      out.writeShort(ActionType.METER).writeShort(8).writeInt(id);
    }

    @Override
    public String toString() {
      return "meter:" + Integer.toUnsignedString(id);
    }
  }

  /** Does these to a copy, which nothing after sees. */
  record Clone(List<Action> actions) implements Action {
    public Clone {
      actions = List.copyOf(actions);
    }

    @Override
    public void encode(ByteBuf out) {
      int start = out.writerIndex();
      ActionType.begin(out, ActionType.CLONE, 0);
      out.writeZero(6);
      actions.forEach(action -> action.encode(out));
      ActionType.end(out, start);
    }

    @Override
    public String toString() {
      return Actions.text(actions, "clone(", ")");
    }
  }

  /** Carries bytes and does nothing; they come back padded to 6 and then by 8. */
  record Note(Octets bytes) implements Action {
    @Override
    public void encode(ByteBuf out) {
      int start = out.writerIndex();
      ActionType.begin(out, ActionType.NOTE, 0);
      bytes.write(out);
      ActionType.end(out, start);
    }

    @Override
    public String toString() {
      return "note:" + bytes.toString().replaceAll("(..)(?=.)", "$1.");
    }
  }

  /** Forgets what tracking found. */
  record CtClear() implements Action {
    @Override
    public void encode(ByteBuf out) {
      ActionType.begin(out, ActionType.CT_CLEAR, 16);
      out.writeZero(6);
    }

    @Override
    public String toString() {
      return "ct_clear";
    }
  }

  /** Ends all processing. */
  record Exit() implements Action {
    @Override
    public void encode(ByteBuf out) {
      ActionType.begin(out, ActionType.EXIT, 16);
      out.writeZero(6);
    }

    @Override
    public String toString() {
      return "exit";
    }
  }

  /** An action this package does not know, from its type to its padding, as it came. */
  record Unknown(Octets bytes) implements Action {
    @Override
    public void encode(ByteBuf out) {
      bytes.write(out);
    }

    @Override
    public String toString() {
      return "unknown(" + bytes + ")";
    }
  }
}
