package io.fynbos.openflow.wire;

import java.util.List;

/** The texts of field values, as Open vSwitch's meta-flow.c and match.c format them. */
final class OxmText {
  private static final List<String> CT_STATES =
      List.of("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat");
  private static final List<String> TCP_FLAGS =
      List.of(
          "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ns", "[200]", "[400]", "[800]");
  private static final List<String> TUN_FLAGS = List.of("oam");

  private OxmText() {}

  /** The operand of set_field. */
  static String operand(Oxm.Narrow oxm) {
    OxmField field = oxm.field();
    long value = oxm.value();
    String mask = oxm.exact() ? "" : "/" + hex(oxm.mask());
    return switch (field.form()) {
      case HEX -> hex(value) + mask;
      case MAC -> mac(value) + (oxm.exact() ? "" : "/" + mac(oxm.mask()));
      case IPV4 -> ipv4(value) + (oxm.exact() ? "" : "/" + ipv4Mask(oxm.mask()));
      case PORT -> Ports.text((int) value) + mask;
      case FRAGMENT -> fragment(value, oxm.mask());
      case PACKET_TYPE -> "(%d,%s)".formatted(value >>> 16, hex(value & 0xffff));
      case CT_STATE -> flags(CT_STATES, oxm, oxm.exact());
      case TCP_FLAGS -> flags(TCP_FLAGS, oxm, oxm.exact());
      case TUN_FLAGS -> flags(TUN_FLAGS, oxm, false);
      case DECIMAL, IPV6 -> Long.toUnsignedString(value) + mask;
    };
  }

  static String operand(Oxm.Wide oxm) {
    if (oxm.field().form() == OxmField.Form.IPV6) {
      return ipv6(oxm.high(), oxm.low())
          + (oxm.exact() ? "" : "/" + ipv6Mask(oxm.maskHigh(), oxm.maskLow()));
    }
    return hex(oxm.high(), oxm.low())
        + (oxm.exact() ? "" : "/" + hex(oxm.maskHigh(), oxm.maskLow()));
  }

  /** As printf's %#x: nought has no prefix. */
  static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }

  static String hex(long high, long low) {
    return high == 0 ? "0x" + Long.toHexString(low) : "0x%x%016x".formatted(high, low);
  }

  static String mac(long value) {
    StringBuilder text = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      int octet = (int) (value >>> shift) & 0xff;
      text.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 15, 16));
      if (shift > 0) {
        text.append(':');
      }
    }
    return text.toString();
  }

  static String ipv4(long value) {
    return (value >>> 24 & 0xff)
        + "."
        + (value >>> 16 & 0xff)
        + "."
        + (value >>> 8 & 0xff)
        + "."
        + (value & 0xff);
  }

  /** A prefix length where the mask is one, dotted otherwise. */
  static String ipv4Mask(long mask) {
    int length = Long.bitCount(mask);
    long prefix = length == 0 ? 0 : 0xffffffffL << (32 - length) & 0xffffffffL;
    return mask == prefix ? Integer.toString(length) : ipv4(mask);
  }

  static String ipv6Mask(long high, long low) {
    int length = Long.bitCount(high) + Long.bitCount(low);
    long prefixHigh = length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
    long prefixLow = length <= 64 ? 0 : -1L << (128 - length);
    return high == prefixHigh && low == prefixLow ? Integer.toString(length) : ipv6(high, low);
  }

  /** RFC 5952 with the dotted tail of inet_ntop for addresses under ::/96 and ::ffff:0:0/96. */
  static String ipv6(long high, long low) {
    int[] groups = new int[8];
    for (int i = 0; i < 4; i++) {
      groups[i] = (int) (high >>> (48 - 16 * i)) & 0xffff;
      groups[i + 4] = (int) (low >>> (48 - 16 * i)) & 0xffff;
    }
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < 8; i++) {
      int run = i;
      while (run < 8 && groups[run] == 0) {
        run++;
      }
      if (run - i > bestLength) {
        bestStart = i;
        bestLength = run - i;
      }
      i = Math.max(i, run - 1);
    }
    boolean dotted =
        bestStart == 0 && (bestLength == 6 || (bestLength == 5 && groups[5] == 0xffff));
    StringBuilder text = new StringBuilder(39);
    int last = dotted ? 6 : 8;
    for (int i = 0; i < last; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
        continue;
      }
      if (i > 0 && i != bestStart + bestLength) {
        text.append(':');
      } else if (i > 0 && bestStart < 0) {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    if (dotted) {
      if (bestLength == 5) {
        text.append(':');
      }
      text.append(ipv4(low & 0xffffffffL));
    }
    return text.toString();
  }

  static String fragment(long value, long mask) {
    boolean any = (value & 1) != 0;
    boolean later = (value & 2) != 0;
    return switch ((int) mask & 3) {
      case 1 -> any ? "yes" : "no";
      case 2 -> later ? "later" : "not_later";
      default -> any ? later ? "later" : "first" : later ? "<error>" : "no";
    };
  }

  /** Flags that are set joined by bars, or those that are matched with their signs. */
  private static String flags(List<String> names, Oxm.Narrow oxm, boolean whole) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < names.size(); bit++) {
      long flag = 1L << bit;
      boolean set = (oxm.value() & flag) != 0;
      if (whole && set) {
        text.append(text.isEmpty() ? "" : "|").append(names.get(bit));
      } else if (!whole && (oxm.mask() & flag) != 0) {
        text.append(set ? '+' : '-').append(names.get(bit));
      }
    }
    return text.isEmpty() ? "0" : text.toString();
  }
}
