package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a flow matches (OpenFlow 1.5 §7.2.3). No fields: everything.
 *
 * <p>Fields stand in the order of {@link OxmField}, unknown ones last, so that equal matches are
 * equal. Registers are always the 32-bit ones: xreg and xxreg, which Open vSwitch uses when it
 * answers, are taken apart. A field stands once.
 */
public record Match(List<Oxm> fields) implements Comparable<Match> {
  /** Matches every packet. */
  public static final Match ANY = new Match(List.of());

  private static final int OXM_TYPE = 1;

  public Match {
    fields = canonical(fields);
  }

  /** A match of these fields, in any order. */
  public static Match of(Oxm... fields) {
    return new Match(List.of(fields));
  }

  /** Starts an empty match. */
  public static Builder builder() {
    return new Builder();
  }

  /** The field's value and mask, if it is matched. */
  public Optional<Oxm> field(OxmField field) {
    for (Oxm oxm : fields) {
      if (oxm.rank() == field.rank()) {
        return Optional.of(oxm);
      }
    }
    return Optional.empty();
  }

  private static List<Oxm> canonical(List<Oxm> fields) {
    if (ordered(fields)) {
      return List.copyOf(fields);
    }
    List<Oxm> parts = new ArrayList<>(fields.size() + 8);
    for (Oxm oxm : fields) {
      Registers.split(oxm, parts);
    }
    parts.sort(null);
    for (int i = 1; i < parts.size(); i++) {
      int rank = parts.get(i).rank();
      if (rank == parts.get(i - 1).rank() && rank != Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "a match has " + parts.get(i - 1) + " and " + parts.get(i));
      }
    }
    return List.copyOf(parts);
  }

  private static boolean ordered(List<Oxm> fields) {
    int before = -1;
    for (Oxm oxm : fields) {
      int rank = oxm.rank();
      if (rank <= before || Registers.joined(oxm)) {
        return false;
      }
      before = rank;
    }
    return true;
  }

  int wireBytes() {
    int bytes = 4;
    for (Oxm oxm : fields) {
      bytes += oxm.wireBytes();
    }
    return Wire.padded8(bytes);
  }

  /** Writes an ofp_match with its padding. */
  void encode(ByteBuf out) {
    int start = out.writerIndex();
    out.writeShort(OXM_TYPE).writeShort(0);
    for (Oxm oxm : fields) {
      oxm.encode(out);
    }
    Wire.closeLength(out, start, 2);
    Wire.pad8(out, start);
  }

  /** Reads an ofp_match with its padding. */
  static Match decode(ByteBuf in, int end) {
    int start = in.readerIndex();
    Wire.need(in, 4, end, "match header");
    int type = in.readUnsignedShort();
    int length = in.readUnsignedShort();
    if (type != OXM_TYPE) {
      throw new OpenFlowFault("a match of type " + type);
    }
    int matchEnd = Wire.end(start, length, 4, end, "match");
    int paddedEnd = Wire.end(start, Wire.padded8(length), 8, end, "padded match");
    List<Oxm> fields = new ArrayList<>(8);
    while (in.readerIndex() < matchEnd) {
      fields.add(Oxm.decode(in, matchEnd));
    }
    in.readerIndex(paddedEnd);
    try {
      return new Match(fields);
    } catch (IllegalArgumentException twice) {
      throw new OpenFlowFault(String.valueOf(twice.getMessage()), twice);
    }
  }

  @Override
  public int compareTo(Match other) {
    int shared = Math.min(fields.size(), other.fields.size());
    for (int i = 0; i < shared; i++) {
      int order = fields.get(i).compareTo(other.fields.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(fields.size(), other.fields.size());
  }

  /** As ovs-ofctl writes it, without priority. */
  @Override
  public String toString() {
    return MatchText.text(this);
  }

  /** Gathers fields; each may be given once. */
  public static final class Builder {
    private final List<Oxm> fields = new ArrayList<>();

    private Builder() {}

    /** Adds a field as it is. */
    public Builder with(Oxm oxm) {
      fields.add(oxm);
      return this;
    }

    /** An exact value of a field of up to 64 bits. */
    public Builder with(OxmField field, long value) {
      return with(Oxm.of(field, value));
    }

    /** A masked value of a field of up to 64 bits; a mask of nought matches everything. */
    public Builder with(OxmField field, long value, long mask) {
      return mask == 0 ? this : with(Oxm.masked(field, value, mask));
    }

    /** A masked value of a 128-bit field; a mask of nought matches everything. */
    public Builder with(OxmField field, long high, long low, long maskHigh, long maskLow) {
      return (maskHigh | maskLow) == 0
          ? this
          : with(Oxm.masked(field, high, low, maskHigh, maskLow));
    }

    /** The port a packet came in by. */
    public Builder inPort(int port) {
      return with(OxmField.IN_PORT, Integer.toUnsignedLong(port));
    }

    /** The Ethernet type, such as 0x0800. */
    public Builder ethType(int type) {
      return with(OxmField.ETH_TYPE, type);
    }

    /** The IP protocol; the Ethernet type must be given too. */
    public Builder ipProto(int protocol) {
      return with(OxmField.IP_PROTO, protocol);
    }

    /** All of a register. */
    public Builder reg(int number, int value) {
      return with(OxmField.reg(number), Integer.toUnsignedLong(value));
    }

    /** Some bits of a register. */
    public Builder reg(int number, int value, int mask) {
      return with(
          OxmField.reg(number), Integer.toUnsignedLong(value), Integer.toUnsignedLong(mask));
    }

    /** Connection tracking state bits ({@link CtState}) that must be set and that must not. */
    public Builder ctState(int set, int notSet) {
      return with(OxmField.CT_STATE, set, set | notSet);
    }

    /** The match; throws IllegalArgumentException when a field was given twice. */
    public Match build() {
      return new Match(fields);
    }
  }
}
