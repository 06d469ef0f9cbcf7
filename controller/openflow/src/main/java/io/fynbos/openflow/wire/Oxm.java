package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;

/**
 * One match field with its value and mask (OpenFlow 1.5 §7.2.3.2), also the operand of set_field.
 *
 * <p>A mask of all ones is the same as none and is not sent. Bits outside the mask are nought in
 * the value. What is not of this form, or not a known field, is {@link Unknown} and is sent as it
 * came.
 */
public sealed interface Oxm extends Comparable<Oxm> {
  /** The longest body an OXM can have. */
  int BODY_BYTES_MAX = 255;

  /** An exact value of a field of up to 64 bits. */
  static Oxm of(OxmField field, long value) {
    return new Narrow(field, value, field.ones());
  }

  /** A value of a field of up to 64 bits under a mask; bits outside the mask are cleared. */
  static Oxm masked(OxmField field, long value, long mask) {
    return new Narrow(field, value & mask, mask);
  }

  /** An exact value of a 128-bit field. */
  static Oxm of(OxmField field, long high, long low) {
    return new Wide(field, high, low, -1L, -1L);
  }

  /** A value of a 128-bit field under a mask; bits outside the mask are cleared. */
  static Oxm masked(OxmField field, long high, long low, long maskHigh, long maskLow) {
    return new Wide(field, high & maskHigh, low & maskLow, maskHigh, maskLow);
  }

  /** Whether there is no mask. */
  boolean exact();

  /** How many bytes {@link #encode} writes. */
  int wireBytes();

  /** Writes header, value and, unless exact, mask. */
  void encode(ByteBuf out);

  /** As ovs-ofctl writes the operand of set_field: value, or value/mask. */
  String valueText();

  /** Where it stands among the fields of a match. */
  int rank();

  /** A field of up to 64 bits. */
  record Narrow(OxmField field, long value, long mask) implements Oxm {
    public Narrow {
      if (field.wide()) {
        throw new IllegalArgumentException(field.label() + " has 128 bits");
      }
      if ((mask & ~field.ones()) != 0 || (value & ~mask) != 0 || mask == 0) {
        throw new IllegalArgumentException(
            "%s=%#x/%#x does not fit %d bits".formatted(field.label(), value, mask, field.bits()));
      }
    }

    @Override
    public boolean exact() {
      return mask == field.ones();
    }

    @Override
    public int wireBytes() {
      return 4 + field.bytes() * (exact() ? 1 : 2);
    }

    @Override
    public void encode(ByteBuf out) {
      int bytes = field.bytes();
      if (exact()) {
        out.writeInt(field.header());
        Wire.writeNumber(out, value, bytes);
      } else {
        out.writeInt(Wire.masked(field.header()));
        Wire.writeNumber(out, value, bytes);
        Wire.writeNumber(out, mask, bytes);
      }
    }

    @Override
    public String valueText() {
      return OxmText.operand(this);
    }

    @Override
    public int rank() {
      return field.rank();
    }

    @Override
    public int compareTo(Oxm other) {
      if (!(other instanceof Narrow o) || field != o.field) {
        return Integer.compare(rank(), other.rank());
      }
      int order = Long.compareUnsigned(value, o.value);
      return order != 0 ? order : Long.compareUnsigned(mask, o.mask);
    }

    @Override
    public String toString() {
      return field.label() + "=" + valueText();
    }
  }

  /** A field of 128 bits. */
  record Wide(OxmField field, long high, long low, long maskHigh, long maskLow) implements Oxm {
    public Wide {
      if (!field.wide()) {
        throw new IllegalArgumentException(field.label() + " has " + field.bits() + " bits");
      }
      if ((high & ~maskHigh) != 0 || (low & ~maskLow) != 0 || (maskHigh | maskLow) == 0) {
        throw new IllegalArgumentException(
            field.label() + " has bits outside its mask, or no mask");
      }
    }

    @Override
    public boolean exact() {
      return (maskHigh & maskLow) == -1L;
    }

    @Override
    public int wireBytes() {
      return 4 + (exact() ? 16 : 32);
    }

    @Override
    public void encode(ByteBuf out) {
      out.writeInt(exact() ? field.header() : Wire.masked(field.header()));
      out.writeLong(high).writeLong(low);
      if (!exact()) {
        out.writeLong(maskHigh).writeLong(maskLow);
      }
    }

    @Override
    public String valueText() {
      return OxmText.operand(this);
    }

    @Override
    public int rank() {
      return field.rank();
    }

    @Override
    public int compareTo(Oxm other) {
      if (!(other instanceof Wide o) || field != o.field) {
        return Integer.compare(rank(), other.rank());
      }
      int order = Long.compareUnsigned(high, o.high);
      order = order != 0 ? order : Long.compareUnsigned(low, o.low);
      order = order != 0 ? order : Long.compareUnsigned(maskHigh, o.maskHigh);
      return order != 0 ? order : Long.compareUnsigned(maskLow, o.maskLow);
    }

    @Override
    public String toString() {
      return field.label() + "=" + valueText();
    }
  }

  /**
   * A field this package does not know: its 32-bit header and all that follows it, as they came.
   */
  record Unknown(int header, Octets body) implements Oxm {
    public Unknown {
      if (body.length() != (header & 0xff)) {
        throw new IllegalArgumentException(
            "OXM header %#x with %d bytes".formatted(header, body.length()));
      }
    }

    @Override
    public boolean exact() {
      return (header & 0x100) == 0;
    }

    @Override
    public int wireBytes() {
      return 4 + body.length();
    }

    @Override
    public void encode(ByteBuf out) {
      out.writeInt(header);
      body.write(out);
    }

    @Override
    public String valueText() {
      return "0x" + body;
    }

    @Override
    public int rank() {
      return Integer.MAX_VALUE;
    }

    @Override
    public int compareTo(Oxm other) {
      if (!(other instanceof Unknown o)) {
        return Integer.compare(rank(), other.rank());
      }
      int order = Integer.compareUnsigned(header, o.header);
      return order != 0 ? order : body.compareTo(o.body);
    }

    @Override
    public String toString() {
      return "oxm_%08x=%s".formatted(header, valueText());
    }
  }

  /**
   * Reads one OXM that must end at or before an index.
   *
   * @throws OpenFlowFault when it does not
   */
  static Oxm decode(ByteBuf in, int end) {
    Wire.need(in, 4, end, "OXM header");
    int header = in.readInt();
    int length = header & 0xff;
    Wire.need(in, length, end, "OXM body");
    int start = in.readerIndex();
    OxmField field = OxmField.ofKey(header >>> 9);
    boolean hasMask = (header & 0x100) != 0;
    if (field == null || length != field.bytes() * (hasMask ? 2 : 1)) {
      return new Unknown(header, Octets.read(in, length));
    }
    Oxm known = field.wide() ? wide(field, in, hasMask) : narrow(field, in, hasMask);
    if (known instanceof Unknown) {
      return new Unknown(header, Octets.copy(in, start, length));
    }
    return known;
  }

  private static Oxm narrow(OxmField field, ByteBuf in, boolean hasMask) {
    int bytes = field.bytes();
    long value = Wire.readNumber(in, bytes);
    long all = bytes == 8 ? -1L : (1L << (bytes * 8)) - 1;
    long mask = hasMask ? Wire.readNumber(in, bytes) : field.ones();
    if (mask == all) {
      mask = field.ones();
    }
    if (mask == 0 || (mask & ~field.ones()) != 0 || (value & ~mask) != 0) {
      return new Unknown(0, Octets.EMPTY);
    }
    return new Narrow(field, value, mask);
  }

  private static Oxm wide(OxmField field, ByteBuf in, boolean hasMask) {
    long high = in.readLong();
    long low = in.readLong();
    long maskHigh = hasMask ? in.readLong() : -1L;
    long maskLow = hasMask ? in.readLong() : -1L;
    if ((maskHigh | maskLow) == 0 || (high & ~maskHigh) != 0 || (low & ~maskLow) != 0) {
      return new Unknown(0, Octets.EMPTY);
    }
    return new Wide(field, high, low, maskHigh, maskLow);
  }
}
