package io.fynbos.labs.check;

import io.fynbos.labs.net.Segment;
import java.util.Comparator;
import java.util.Set;

/**
 * One concrete service to probe: a port, an ICMP type, or a whole protocol.
 *
 * @param protocol the IANA number
 * @param detail the destination port, the ICMP type, or 0 for a protocol that has neither
 * @param code the ICMP code, else 0
 */
record ProbeService(int protocol, int detail, int code) implements Comparable<ProbeService> {
  private static final Comparator<ProbeService> ORDER =
      Comparator.comparingInt(ProbeService::protocol)
          .thenComparingInt(ProbeService::detail)
          .thenComparingInt(ProbeService::code);

  private static final Set<Integer> EXTENSION_HEADERS =
      Set.of(0, 43, 44, 50, 51, 59, 60, 135, 139, 140);

  static final int ECHO_V4 = 8;
  static final int ECHO_V6 = 128;
  private static final int TIMESTAMP = 13;

  boolean hasPorts() {
    return protocol == Segment.TCP || protocol == Segment.UDP || protocol == Segment.SCTP;
  }

  boolean icmp() {
    return protocol == Segment.ICMP || protocol == Segment.ICMPV6;
  }

  /** ICMP belongs to one family; numbers of IPv6 extension headers are protocols in IPv4 only. */
  boolean fits(boolean v6) {
    if (v6) {
      return protocol != Segment.ICMP && !EXTENSION_HEADERS.contains(protocol);
    }
    return protocol != Segment.ICMPV6;
  }

  /** Whether a packet of it cannot be told from the answer to one of the other direction. */
  boolean sameBothWays() {
    return !hasPorts() && !icmp();
  }

  /** Whether any guest answers it by itself, whatever it listens on. */
  boolean alwaysAnswered() {
    return protocol == Segment.TCP
        || protocol == Segment.UDP
        || (icmp() && (detail == ECHO_V4 || detail == ECHO_V6 || detail == TIMESTAMP));
  }

  /** The bytes of it. */
  Segment segment(int sourcePort) {
    return switch (protocol) {
      case Segment.TCP -> new Segment.Syn(sourcePort, detail);
      case Segment.UDP -> new Segment.Datagram(sourcePort, detail);
      case Segment.SCTP -> new Segment.Sctp(sourcePort, detail);
      case Segment.ICMP, Segment.ICMPV6 -> new Segment.Icmp(protocol, detail, code);
      default -> new Segment.Other(protocol);
    };
  }

  @Override
  public int compareTo(ProbeService other) {
    return ORDER.compare(this, other);
  }

  /** As users write it: {@code tcp/5432}, {@code icmp/8}, {@code proto/47}. */
  @Override
  public String toString() {
    return switch (protocol) {
      case Segment.TCP -> "tcp/" + detail;
      case Segment.UDP -> "udp/" + detail;
      case Segment.SCTP -> "sctp/" + detail;
      case Segment.ICMP -> "icmp/" + detail + (code == 0 ? "" : "/" + code);
      case Segment.ICMPV6 -> "icmpv6/" + detail + (code == 0 ? "" : "/" + code);
      default -> "proto/" + protocol;
    };
  }
}
