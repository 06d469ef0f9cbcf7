package io.fynbos.policy.model;

import java.util.Optional;

/** The text forms of addresses: dotted decimal, RFC 4291 §2.2 (read) and RFC 5952 (printed). */
final class AddressText {
  private AddressText() {}

  static Optional<IpAddress> parseV4(String text) {
    long value = 0;
    int octets = 0;
    int at = 0;
    while (at <= text.length() && octets < 4) {
      int dot = text.indexOf('.', at);
      int end = dot < 0 ? text.length() : dot;
      int octet = octet(text, at, end);
      if (octet < 0) {
        return Optional.empty();
      }
      value = value << 8 | octet;
      octets++;
      at = end + 1;
    }
    boolean whole = octets == 4 && at == text.length() + 1;
    return whole ? Optional.of(IpAddress.v4(value)) : Optional.empty();
  }

  private static int octet(String text, int from, int end) {
    int length = end - from;
    if (length < 1 || length > 3 || (length > 1 && text.charAt(from) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value <= 255 ? value : -1;
  }

  static Optional<IpAddress> parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return Optional.empty();
    }
    int[] words = new int[8];
    if (gap < 0) {
      return words(text, words, 0) == 8 ? Optional.of(join(words)) : Optional.empty();
    }
    int[] tail = new int[8];
    int before = words(text.substring(0, gap), words, 0);
    int after = words(text.substring(gap + 2), tail, 0);
    boolean dottedBeforeGap = text.lastIndexOf('.', gap) >= 0;
    if (before < 0 || after < 0 || before + after > 7 || dottedBeforeGap) {
      return Optional.empty();
    }
    System.arraycopy(tail, 0, words, 8 - after, after);
    return Optional.of(join(words));
  }

  /**
   * Reads words with colons between them, the last two possibly dotted decimal; their number, or
   * -1.
   */
  private static int words(String text, int[] into, int count) {
    if (text.isEmpty()) {
      return 0;
    }
    int words = count;
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      if (last && parts[i].indexOf('.') >= 0) {
        Optional<IpAddress> v4 = parseV4(parts[i]);
        if (v4.isEmpty() || words > 6) {
          return -1;
        }
        into[words++] = (int) (v4.get().low() >>> 16);
        into[words++] = (int) (v4.get().low() & 0xffff);
      } else {
        int word = word(parts[i]);
        if (word < 0 || words > 7) {
          return -1;
        }
        into[words++] = word;
      }
    }
    return words;
  }

  private static int word(String text) {
    if (text.isEmpty() || text.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static IpAddress join(int[] words) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = high << 16 | words[i];
      low = low << 16 | words[i + 4];
    }
    return IpAddress.v6(high, low);
  }

  static String printV4(long value) {
    return (value >>> 24)
        + "."
        + (value >>> 16 & 255)
        + "."
        + (value >>> 8 & 255)
        + "."
        + (value & 255);
  }

  static String printV6(long high, long low) {
    if (high == 0 && low >>> 32 == 0xffff) {
      return "::ffff:" + printV4(low & 0xffff_ffffL);
    }
    int[] words = new int[8];
    for (int i = 0; i < 4; i++) {
      words[i] = (int) (high >>> (48 - 16 * i)) & 0xffff;
      words[i + 4] = (int) (low >>> (48 - 16 * i)) & 0xffff;
    }
    int gapStart = -1;
    int gapLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && words[end] == 0) {
        end++;
      }
      if (end - i > gapLength) {
        gapStart = i;
        gapLength = end - i;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == gapStart) {
        text.append("::");
        i += gapLength - 1;
      } else {
        if (i > 0 && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(words[i]));
      }
    }
    return text.toString();
  }
}
