package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Connection tracking (Open vSwitch's NXAST_CT): the zone, the table the tracked copy goes to, and
 * what is done in the tracker, which may be set_field, move and {@link Nat}.
 */
public record Ct(int flags, Zone zone, OptionalInt table, int alg, List<Action> actions)
    implements Action {
  /** Commit the connection. */
  public static final int COMMIT = 1;

  /** Commit even over a connection of the other direction. */
  public static final int FORCE = 2;

  private static final int NO_TABLE = 0xff;
  private static final int ALG_FTP = 21;
  private static final int ALG_TFTP = 69;

  /** The tracker's zone: a number, or 16 bits of a field. */
  public sealed interface Zone {
    /** A fixed zone. */
    record Fixed(int zone) implements Zone {
      @Override
      public String toString() {
        return Integer.toString(zone);
      }
    }

    /** The zone is read from the packet. */
    record Field(Subfield source) implements Zone {
      @Override
      public String toString() {
        return source.toString();
      }
    }
  }

  public Ct {
    actions = List.copyOf(actions);
  }

  /** Looks the packet up and goes on in a table. */
  public static Ct lookup(Subfield zone, int table) {
    return new Ct(0, new Zone.Field(zone), OptionalInt.of(table), 0, List.of());
  }

  /** Commits the connection and goes on here. */
  public static Ct commit(Subfield zone, Action... actions) {
    return new Ct(COMMIT, new Zone.Field(zone), OptionalInt.empty(), 0, List.of(actions));
  }

  @Override
  public void encode(ByteBuf out) {
    int start = out.writerIndex();
    ActionType.begin(out, ActionType.CT, 0);
    out.writeShort(flags);
    if (zone instanceof Zone.Field field) {
      out.writeInt(field.source().field().nicira()).writeShort(field.source().offsetAndBits());
    } else if (zone instanceof Zone.Fixed number) {
      out.writeInt(0).writeShort(number.zone());
    }
    out.writeByte(table.orElse(NO_TABLE)).writeZero(3).writeShort(alg);
    Actions.encode(actions, out);
    ActionType.end(out, start);
  }

  /** Reads what follows the subtype; empty when it is of a form this record cannot hold. */
  static Optional<Action> decode(ByteBuf in, int end, int depth) {
    Wire.need(in, 14, end, "ct");
    int flags = in.readUnsignedShort();
    int source = in.readInt();
    int range = in.readUnsignedShort();
    int table = in.readUnsignedByte();
    in.skipBytes(3);
    int alg = in.readUnsignedShort();
    Zone zone = new Zone.Fixed(range);
    if (source != 0) {
      Subfield subfield = ActionDecoder.subfield(source, range >> 6, (range & 63) + 1);
      if (subfield == null) {
        return Optional.empty();
      }
      zone = new Zone.Field(subfield);
    }
    return Optional.of(
        new Ct(
            flags,
            zone,
            table == NO_TABLE ? OptionalInt.empty() : OptionalInt.of(table),
            alg,
            Actions.decode(in, end, depth + 1)));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if ((flags & COMMIT) != 0) {
      text.append("commit,");
    }
    if ((flags & FORCE) != 0) {
      text.append("force,");
    }
    table.ifPresent(number -> text.append("table=").append(number).append(','));
    if (!zone.equals(new Zone.Fixed(0))) {
      text.append("zone=").append(zone).append(',');
    }
    List<Action> nats = actions.stream().filter(Nat.class::isInstance).toList();
    List<Action> others = actions.stream().filter(action -> !(action instanceof Nat)).toList();
    nats.forEach(nat -> text.append(nat).append(','));
    if (!others.isEmpty()) {
      text.append(Actions.text(others, "exec(", "),"));
    }
    if (alg != 0) {
      text.append("alg=");
      text.append(alg == ALG_FTP ? "ftp" : alg == ALG_TFTP ? "tftp" : Integer.toString(alg));
      text.append(',');
    }
    if (!text.isEmpty()) {
      text.setLength(text.length() - 1);
    }
    return "ct(" + text + ")";
  }
}
