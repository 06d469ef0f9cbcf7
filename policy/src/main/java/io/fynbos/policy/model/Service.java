package io.fynbos.policy.model;

import java.util.List;
import java.util.OptionalInt;

/** What a packet carries: a protocol, and ports or ICMP types where it has them. */
public sealed interface Service {
  int ICMP = 1;
  int TCP = 6;
  int UDP = 17;
  int ICMPV6 = 58;
  int SCTP = 132;
  int PROTOCOL_MAX = 255;

  /** The IP protocol number, 0 to 255. */
  int protocol();

  /** Whether the protocol has ports. */
  static boolean hasPorts(int protocol) {
    return protocol == TCP || protocol == UDP || protocol == SCTP;
  }

  /** Whether the protocol is ICMP or ICMPv6. */
  static boolean isIcmp(int protocol) {
    return protocol == ICMP || protocol == ICMPV6;
  }

  /**
   * The service of all that a protocol carries, in the form that fits the protocol: so a number and
   * a name that mean the same are equal.
   */
  static Service all(int protocol) {
    if (hasPorts(protocol)) {
      return new Ports(protocol, List.of());
    }
    return isIcmp(protocol)
        ? new Icmp(protocol, OptionalInt.empty(), OptionalInt.empty())
        : new Other(protocol);
  }

  /** Destination ports of TCP, UDP or SCTP; no ranges mean all ports. */
  record Ports(int protocol, List<PortRange> ports) implements Service {
    public static final int RANGES_MAX = 64;

    public Ports {
      ports = List.copyOf(ports);
      if (!hasPorts(protocol)) {
        throw new IllegalArgumentException(
            "ports belong to tcp, udp and sctp, not to protocol " + protocol);
      }
      Checks.atMost(ports.size(), RANGES_MAX, "ports of a service");
    }
  }

  /** ICMP or ICMPv6: every type, every code of a type, or one code of a type. */
  record Icmp(int protocol, OptionalInt type, OptionalInt code) implements Service {
    public static final int TYPE_MAX = 255;

    public Icmp {
      if (!isIcmp(protocol)) {
        throw new IllegalArgumentException(
            "type and code belong to icmp and icmpv6, not to protocol " + protocol);
      }
      Checks.optionalRange(type, 0, TYPE_MAX, "an ICMP type");
      Checks.optionalRange(code, 0, TYPE_MAX, "an ICMP code");
      if (code.isPresent() && type.isEmpty()) {
        throw new IllegalArgumentException("an ICMP code needs a type beside it");
      }
    }
  }

  /** Everything that another protocol carries. */
  record Other(int protocol) implements Service {
    public Other {
      Checks.range(protocol, 0, PROTOCOL_MAX, "a protocol's number");
      if (hasPorts(protocol) || isIcmp(protocol)) {
        throw new IllegalArgumentException("protocol %d has a form of its own".formatted(protocol));
      }
    }
  }
}
