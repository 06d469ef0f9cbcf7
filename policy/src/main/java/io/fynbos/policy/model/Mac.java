package io.fynbos.policy.model;

/** A MAC address: the low 48 bits of {@code value}. */
public record Mac(long value) implements Comparable<Mac> {
  private static final long GROUP_BIT = 1L << 40;

  public Mac {
    if (value < 0 || value >= 1L << 48) {
      throw new IllegalArgumentException(
          "a MAC address has 48 bits, which 0x%x has not".formatted(value));
    }
  }

  /** Reads six pairs of hexadecimal digits with colons between them. */
  public static Mac parse(String text) {
    if (text.length() != 17) {
      throw malformed(text);
    }
    long value = 0;
    for (int i = 0; i < 17; i++) {
      char c = text.charAt(i);
      if (i % 3 == 2) {
        if (c != ':') {
          throw malformed(text);
        }
      } else {
        int digit = c < 128 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
          throw malformed(text);
        }
        value = value << 4 | digit;
      }
    }
    return new Mac(value);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "a MAC address is written like 02:00:00:00:00:01, which \"%s\" is not".formatted(text));
  }

  /** Whether it may be the address of one interface: neither a group address nor all zero. */
  public boolean unicast() {
    return (value & GROUP_BIT) == 0 && value != 0;
  }

  @Override
  public int compareTo(Mac other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      int octet = (int) (value >> shift) & 0xff;
      text.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 15, 16));
      if (shift > 0) {
        text.append(':');
      }
    }
    return text.toString();
  }
}
