package io.fynbos.openflow.wire;

/** Some consecutive bits of a field, such as {@code NXM_NX_REG0[0..15]}. */
public record Subfield(OxmField field, int offset, int bits) {
  public Subfield {
    if (offset < 0 || bits < 1 || offset + bits > field.bits()) {
      throw new IllegalArgumentException(
          "%s has no %d bits at %d".formatted(field.label(), bits, offset));
    }
  }

  /** All bits of a field. */
  public static Subfield of(OxmField field) {
    return new Subfield(field, 0, field.bits());
  }

  /** Both ends inclusive, as in the text form. */
  public static Subfield of(OxmField field, int first, int last) {
    return new Subfield(field, first, last - first + 1);
  }

  /** One bit. */
  public static Subfield bit(OxmField field, int bit) {
    return new Subfield(field, bit, 1);
  }

  /** Open vSwitch's nx_ofs_nbits: the offset in 10 bits and the width less one in 6. */
  int offsetAndBits() {
    if (bits > 64) {
      throw new IllegalArgumentException(this + " is wider than the 64 bits this action can name");
    }
    return offset << 6 | bits - 1;
  }

  @Override
  public String toString() {
    String range;
    if (bits == field.bits()) {
      range = "";
    } else if (bits == 1) {
      range = Integer.toString(offset);
    } else {
      range = offset + ".." + (offset + bits - 1);
    }
    return field.symbol() + "[" + range + "]";
  }
}
