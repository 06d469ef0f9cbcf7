package io.fynbos.policy.wire;

import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** The values that many kinds of documents have. */
final class Values {
  static final String NAME = "a name of a-z, 0-9 and -, at most 63 characters";

  private Values() {}

  static UniverseName universe(At at) throws WireError {
    return at.parsed(NAME, UniverseName::new);
  }

  static GroupName group(At at) throws WireError {
    return at.parsed(NAME, GroupName::new);
  }

  /** A group's name without a universe before it. */
  static GroupName groupName(String text) {
    if (text.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "a policy with a universe names that universe's groups, without the universe");
    }
    return new GroupName(text);
  }

  /** The value, which must not be among those seen. */
  static <T> T once(At at, T value, Set<T> seen) throws WireError {
    if (!seen.add(value)) {
      throw at.badValue("each element once", "it is in the list twice");
    }
    return value;
  }

  static IpAddress address(At at) throws WireError {
    return at.parsed("an IP address", IpAddress::parse);
  }

  static Prefix prefix(At at) throws WireError {
    return at.parsed("a prefix such as 10.0.0.0/16", Prefix::parse);
  }

  /** An address, which stands for just that one, or a prefix. */
  static Prefix addressOrPrefix(At at) throws WireError {
    return at.parsed(
        "an IP address, or a prefix such as 10.0.5.0/24", Prefix::parseAddressOrPrefix);
  }

  static Mac mac(At at) throws WireError {
    Mac mac = at.parsed("a MAC address such as 02:00:00:00:00:01", Mac::parse);
    if (!mac.unicast()) {
      throw at.badValue("the MAC address of one interface");
    }
    return mac;
  }

  static UUID uuid(At at) throws WireError {
    return at.parsed("a UUID such as 6f1c0a52-9f0e-4d8e-9a61-2f4f6f1c0a52", Values::parseUuid);
  }

  private static UUID parseUuid(String text) {
    UUID id = UUID.fromString(text);
    if (!id.toString().equals(text.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("a UUID has 8, 4, 4, 4 and 12 hexadecimal digits");
    }
    return id;
  }

  /** At least one prefix, none overlapping another. */
  static List<Prefix> prefixes(At at, int max) throws WireError {
    List<Prefix> prefixes = new ArrayList<>();
    for (At element : at.listNotEmpty(max, "")) {
      Prefix prefix = prefix(element);
      for (Prefix other : prefixes) {
        if (other.overlaps(prefix)) {
          throw element.badValue("prefixes that do not overlap", "it overlaps " + other);
        }
      }
      prefixes.add(prefix);
    }
    return prefixes;
  }

  /** 16 hexadecimal digits. */
  static long datapathId(At at) throws WireError {
    return at.parsed("a datapath id of 16 hexadecimal digits", Values::parseDatapathId);
  }

  private static long parseDatapathId(String text) {
    boolean digits =
        text.length() == 16 && text.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
    if (!digits) {
      throw new IllegalArgumentException("Open vSwitch shows it as datapath_id of the Bridge");
    }
    return Long.parseUnsignedLong(text, 16);
  }
}
