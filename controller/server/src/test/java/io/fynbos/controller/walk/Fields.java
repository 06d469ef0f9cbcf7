package io.fynbos.controller.walk;

import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Oxm;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.Subfield;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;

/** The headers, metadata and registers of one packet. A field that was never set is nought. */
final class Fields {
  private final Map<OxmField, BigInteger> values = new EnumMap<>(OxmField.class);

  Fields copy() {
    Fields copy = new Fields();
    copy.values.putAll(values);
    return copy;
  }

  BigInteger value(OxmField field) {
    return values.getOrDefault(field, BigInteger.ZERO);
  }

  int number(OxmField field) {
    return value(field).intValueExact();
  }

  boolean set(OxmField field) {
    return value(field).signum() != 0;
  }

  Fields put(OxmField field, BigInteger value) {
    values.put(field, value);
    return this;
  }

  Fields put(OxmField field, long value) {
    return put(field, new BigInteger(Long.toUnsignedString(value)));
  }

  BigInteger bits(Subfield part) {
    return value(part.field()).shiftRight(part.offset()).and(ones(part.bits()));
  }

  void putBits(Subfield part, BigInteger bits) {
    BigInteger mask = ones(part.bits()).shiftLeft(part.offset());
    put(part.field(), value(part.field()).andNot(mask).or(bits.shiftLeft(part.offset())));
  }

  void put(Oxm oxm) {
    BigInteger mask = mask(oxm);
    put(field(oxm), value(field(oxm)).andNot(mask).or(value(oxm)));
  }

  boolean matches(Match match) {
    return match.fields().stream()
        .allMatch(oxm -> value(field(oxm)).and(mask(oxm)).equals(value(oxm)));
  }

  private static OxmField field(Oxm oxm) {
    if (oxm instanceof Oxm.Narrow narrow) {
      return narrow.field();
    }
    return ((Oxm.Wide) oxm).field();
  }

  private static BigInteger value(Oxm oxm) {
    return oxm instanceof Oxm.Narrow narrow
        ? unsigned(narrow.value())
        : join(((Oxm.Wide) oxm).high(), ((Oxm.Wide) oxm).low());
  }

  private static BigInteger mask(Oxm oxm) {
    return oxm instanceof Oxm.Narrow narrow
        ? unsigned(narrow.mask())
        : join(((Oxm.Wide) oxm).maskHigh(), ((Oxm.Wide) oxm).maskLow());
  }

  static BigInteger join(long high, long low) {
    return unsigned(high).shiftLeft(64).or(unsigned(low));
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  private static BigInteger ones(int bits) {
    return BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
