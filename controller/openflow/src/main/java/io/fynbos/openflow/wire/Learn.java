package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds a flow made from the packet (Open vSwitch's NXAST_LEARN). */
public record Learn(
    int table,
    int priority,
    int idleTimeoutSeconds,
    int hardTimeoutSeconds,
    int finIdleTimeoutSeconds,
    int finHardTimeoutSeconds,
    long cookie,
    int flags,
    List<Spec> specs)
    implements Action {
  /** Tell the controller when the learned flow goes. */
  public static final int SEND_FLOW_REM = 1;

  /** Delete the learned flows when this flow goes. */
  public static final int DELETE_LEARNED = 2;

  private static final int IMMEDIATE = 1 << 13;
  private static final int KIND_MATCH = 0;
  private static final int KIND_LOAD = 1;
  private static final int KIND_OUTPUT = 2;

  /** One part of the learned flow. */
  public sealed interface Spec {
    /** The learned flow matches this value. */
    record MatchValue(Subfield to, long value) implements Spec {
      @Override
      public void encode(ByteBuf out) {
        Learn.writeValue(out, KIND_MATCH, to, value);
      }

      @Override
      public String toString() {
        return to.bits() == to.field().bits()
            ? Oxm.of(to.field(), value).toString()
            : to + "=0x" + Long.toHexString(value);
      }
    }

    /** The learned flow matches what the packet has in a field. */
    record MatchField(Subfield to, Subfield from) implements Spec {
      @Override
      public void encode(ByteBuf out) {
        Learn.writeField(out, KIND_MATCH, to, from);
      }

      @Override
      public String toString() {
        return to.equals(from) ? to.toString() : to + "=" + from;
      }
    }

    /** The learned flow loads this value. */
    record LoadValue(Subfield to, long value) implements Spec {
      @Override
      public void encode(ByteBuf out) {
        Learn.writeValue(out, KIND_LOAD, to, value);
      }

      @Override
      public String toString() {
        return "load:" + OxmText.hex(value) + "->" + to;
      }
    }

    /** The learned flow loads what the packet has in a field. */
    record LoadField(Subfield to, Subfield from) implements Spec {
      @Override
      public void encode(ByteBuf out) {
        Learn.writeField(out, KIND_LOAD, to, from);
      }

      @Override
      public String toString() {
        return "load:" + from + "->" + to;
      }
    }

    /** The learned flow outputs to the port the packet has in a field. */
    record Output(Subfield from) implements Spec {
      @Override
      public void encode(ByteBuf out) {
        out.writeShort(KIND_OUTPUT << 11 | from.bits());
        out.writeInt(from.field().nicira()).writeShort(from.offset());
      }

      @Override
      public String toString() {
        return "output:" + from;
      }
    }

    /** Writes the spec. */
    void encode(ByteBuf out);
  }

  public Learn {
    specs = List.copyOf(specs);
  }

  private static void writeValue(ByteBuf out, int kind, Subfield to, long value) {
    out.writeShort(IMMEDIATE | kind << 11 | to.bits());
    Wire.writeNumber(out, value, (to.bits() + 15) / 16 * 2);
    out.writeInt(to.field().nicira()).writeShort(to.offset());
  }

  private static void writeField(ByteBuf out, int kind, Subfield to, Subfield from) {
    out.writeShort(kind << 11 | to.bits());
    out.writeInt(from.field().nicira()).writeShort(from.offset());
    out.writeInt(to.field().nicira()).writeShort(to.offset());
  }

  @Override
  public void encode(ByteBuf out) {
    int start = out.writerIndex();
    ActionType.begin(out, ActionType.LEARN, 0);
    out.writeShort(idleTimeoutSeconds).writeShort(hardTimeoutSeconds).writeShort(priority);
    out.writeLong(cookie).writeShort(flags).writeByte(table).writeByte(0);
    out.writeShort(finIdleTimeoutSeconds).writeShort(finHardTimeoutSeconds);
    specs.forEach(spec -> spec.encode(out));
    ActionType.end(out, start);
  }

  /** Reads what follows the subtype; empty when it is of a form this record cannot hold. */
  static Optional<Action> decode(ByteBuf in, int end) {
    Wire.need(in, 22, end, "learn");
    int idle = in.readUnsignedShort();
    int hard = in.readUnsignedShort();
    int priority = in.readUnsignedShort();
    long cookie = in.readLong();
    int flags = in.readUnsignedShort();
    int table = in.readUnsignedByte();
    in.skipBytes(1);
    int finIdle = in.readUnsignedShort();
    int finHard = in.readUnsignedShort();
    List<Spec> specs = new ArrayList<>();
    while (end - in.readerIndex() >= 2) {
      int header = in.readUnsignedShort();
      if (header == 0) {
        break;
      }
      Optional<Spec> spec = spec(in, end, header);
      if (spec.isEmpty()) {
        return Optional.empty();
      }
      specs.add(spec.get());
    }
    return Optional.of(
        new Learn(table, priority, idle, hard, finIdle, finHard, cookie, flags, specs));
  }

  private static Optional<Spec> spec(ByteBuf in, int end, int header) {
    int bits = header & 0x7ff;
    int kind = header >> 11 & 3;
    boolean immediate = (header & IMMEDIATE) != 0;
    if (header >> 14 != 0 || kind > KIND_OUTPUT || bits == 0 || bits > 64) {
      return Optional.empty();
    }
    if (immediate) {
      Wire.need(in, (bits + 15) / 16 * 2 + 6, end, "learn value");
      long value = Wire.readNumber(in, (bits + 15) / 16 * 2);
      Subfield to = subfield(in, bits);
      if (to == null || kind == KIND_OUTPUT || (bits < 64 && value >>> bits != 0)) {
        return Optional.empty();
      }
      return Optional.of(
          kind == KIND_MATCH ? new Spec.MatchValue(to, value) : new Spec.LoadValue(to, value));
    }
    Wire.need(in, kind == KIND_OUTPUT ? 6 : 12, end, "learn fields");
    Subfield from = subfield(in, bits);
    if (from == null || kind == KIND_OUTPUT) {
      return Optional.ofNullable(from).map(Spec.Output::new);
    }
    Subfield to = subfield(in, bits);
    if (to == null) {
      return Optional.empty();
    }
    return Optional.of(
        kind == KIND_MATCH ? new Spec.MatchField(to, from) : new Spec.LoadField(to, from));
  }

  private static @org.jspecify.annotations.Nullable Subfield subfield(ByteBuf in, int bits) {
    int header = in.readInt();
    return ActionDecoder.subfield(header, in.readUnsignedShort(), bits);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("learn(table=").append(table);
    put(text, ",idle_timeout=", idleTimeoutSeconds);
    put(text, ",hard_timeout=", hardTimeoutSeconds);
    put(text, ",fin_idle_timeout=", finIdleTimeoutSeconds);
    put(text, ",fin_hard_timeout=", finHardTimeoutSeconds);
    if (priority != FlowEntry.PRIORITY_DEFAULT) {
      text.append(",priority=").append(priority);
    }
    text.append((flags & SEND_FLOW_REM) != 0 ? ",send_flow_rem" : "");
    text.append((flags & DELETE_LEARNED) != 0 ? ",delete_learned" : "");
    if (cookie != 0) {
      text.append(",cookie=").append(OxmText.hex(cookie));
    }
    specs.forEach(spec -> text.append(',').append(spec));
    return text.append(')').toString();
  }

  private static void put(StringBuilder text, String label, int seconds) {
    if (seconds != 0) {
      text.append(label).append(seconds);
    }
  }
}
