package io.fynbos.policy.model;

import java.util.Optional;

/**
 * An IPv4 or IPv6 address, 128 bits in two longs; an IPv4 address is in the low 32 bits of {@code
 * low}. IPv4 comes before IPv6, then by unsigned value.
 */
public record IpAddress(boolean v6, long high, long low) implements Comparable<IpAddress> {
  public IpAddress {
    if (!v6 && (high != 0 || low < 0 || low > 0xffff_ffffL)) {
      throw new IllegalArgumentException(
          "an IPv4 address has 32 bits, which 0x%x%016x has not".formatted(high, low));
    }
  }

  public static IpAddress v4(long value) {
    return new IpAddress(false, 0, value);
  }

  public static IpAddress v6(long high, long low) {
    return new IpAddress(true, high, low);
  }

  /**
   * Reads dotted decimal without leading zeros, or the text forms of RFC 4291 §2.2 without a zone.
   * Throws when the text is anything else.
   */
  public static IpAddress parse(String text) {
    Optional<IpAddress> address =
        text.indexOf(':') >= 0 ? AddressText.parseV6(text) : AddressText.parseV4(text);
    return address.orElseThrow(
        () -> new IllegalArgumentException("\"%s\" is not an IP address".formatted(text)));
  }

  /** The number of bits: 32 or 128. */
  public int bits() {
    return v6 ? 128 : 32;
  }

  /** The bit at {@code index}, counted from the most significant, 0. */
  public boolean bit(int index) {
    if (!v6) {
      return (low >>> (31 - index) & 1) != 0;
    }
    return index < 64 ? (high >>> (63 - index) & 1) != 0 : (low >>> (127 - index) & 1) != 0;
  }

  /** The address one above. Throws for the highest. */
  public IpAddress next() {
    if (this.equals(last(v6))) {
      throw new IllegalStateException(this + " is the highest address");
    }
    return v6 ? v6(low == -1L ? high + 1 : high, low + 1) : v4(low + 1);
  }

  /** The address one below. Throws for the lowest. */
  public IpAddress previous() {
    if (high == 0 && low == 0) {
      throw new IllegalStateException(this + " is the lowest address");
    }
    return v6 ? v6(low == 0 ? high - 1 : high, low - 1) : v4(low - 1);
  }

  private static IpAddress last(boolean v6) {
    return v6 ? v6(-1L, -1L) : v4(0xffff_ffffL);
  }

  /** The address with all bits from {@code length} on cleared. */
  IpAddress masked(int length) {
    if (!v6) {
      return v4(length == 0 ? 0 : low & (0xffff_ffffL << (32 - length)) & 0xffff_ffffL);
    }
    return v6(high & mask64(length), low & mask64(length - 64));
  }

  /** The address with all bits from {@code length} on set. */
  IpAddress filled(int length) {
    if (!v6) {
      return v4(length == 32 ? low : low | 0xffff_ffffL >>> length);
    }
    return v6(high | ~mask64(length), low | ~mask64(length - 64));
  }

  private static long mask64(int length) {
    if (length <= 0) {
      return 0;
    }
    return length >= 64 ? -1L : -1L << (64 - length);
  }

  /** The bytes in network order: 4 or 16 of them. */
  public byte[] toBytes() {
    byte[] bytes = new byte[bits() / 8];
    for (int i = 0; i < bytes.length; i++) {
      int fromEnd = bytes.length - 1 - i;
      bytes[i] = (byte) (fromEnd < 8 ? low >>> (8 * fromEnd) : high >>> (8 * (fromEnd - 8)));
    }
    return bytes;
  }

  /** The address of 4 or 16 bytes in network order. */
  public static IpAddress ofBytes(byte[] bytes) {
    if (bytes.length != 4 && bytes.length != 16) {
      throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length);
    }
    long high = 0;
    long low = 0;
    for (byte b : bytes) {
      high = high << 8 | low >>> 56;
      low = low << 8 | (b & 0xff);
    }
    return new IpAddress(bytes.length == 16, high, low);
  }

  @Override
  public int compareTo(IpAddress other) {
    int byFamily = Boolean.compare(v6, other.v6);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** Dotted decimal, or the one form of RFC 5952. */
  @Override
  public String toString() {
    return v6 ? AddressText.printV6(high, low) : AddressText.printV4(low);
  }
}
