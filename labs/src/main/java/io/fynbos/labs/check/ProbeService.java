package io.fynbos.labs.check;

import io.fynbos.labs.net.Segment;
import io.fynbos.policy.verdict.Transport;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One concrete service to probe: a port, an ICMP type, or a whole protocol.
 *
 * @param protocol the IANA number
 * @param detail the destination port, the ICMP type, or 0 for a protocol that has neither
 * @param code the ICMP code, else 0
 */
public record ProbeService(int protocol, int detail, int code) implements Comparable<ProbeService> {
  private static final Comparator<ProbeService> ORDER =
      Comparator.comparingInt(ProbeService::protocol)
          .thenComparingInt(ProbeService::detail)
          .thenComparingInt(ProbeService::code);

  private static final Set<Integer> EXTENSION_HEADERS =
      Set.of(0, 43, 44, 50, 51, 59, 60, 135, 139, 140);

  public static final int ECHO_V4 = 8;
  public static final int ECHO_V6 = 128;
  private static final int TIMESTAMP = 13;

  private static final Pattern TEXT = Pattern.compile("([a-z0-9]+)/(\\d{1,5})(?:/(\\d{1,3}))?");

  /** What {@link #toString} prints, or {@code ping}, which is the echo request of the family. */
  public static Optional<ProbeService> parse(String text, boolean v6) {
    if (text.equals("ping")) {
      return Optional.of(
          v6
              ? new ProbeService(Segment.ICMPV6, ECHO_V6, 0)
              : new ProbeService(Segment.ICMP, ECHO_V4, 0));
    }
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(parts.group(2));
    int code = Optional.ofNullable(parts.group(3)).map(Integer::parseInt).orElse(0);
    return switch (parts.group(1)) {
      case "tcp" -> Optional.of(new ProbeService(Segment.TCP, number, 0));
      case "udp" -> Optional.of(new ProbeService(Segment.UDP, number, 0));
      case "sctp" -> Optional.of(new ProbeService(Segment.SCTP, number, 0));
      case "icmp" -> Optional.of(new ProbeService(Segment.ICMP, number, code));
      case "icmpv6" -> Optional.of(new ProbeService(Segment.ICMPV6, number, code));
      case "proto" -> Optional.of(new ProbeService(number, 0, 0));
      default -> Optional.empty();
    };
  }

  /** What the oracle is asked about. */
  public Transport transport(int sourcePort) {
    if (hasPorts()) {
      return new Transport.Ports(protocol, sourcePort, detail);
    }
    return icmp() ? new Transport.Icmp(protocol, detail, code) : new Transport.Other(protocol);
  }

  boolean hasPorts() {
    return protocol == Segment.TCP || protocol == Segment.UDP || protocol == Segment.SCTP;
  }

  boolean icmp() {
    return protocol == Segment.ICMP || protocol == Segment.ICMPV6;
  }

  /** ICMP belongs to one family; numbers of IPv6 extension headers are protocols in IPv4 only. */
  public boolean fits(boolean v6) {
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
        || (icmp() && code == 0 && requestsAnswer());
  }

  private boolean requestsAnswer() {
    return protocol == Segment.ICMPV6
        ? detail == ECHO_V6
        : detail == ECHO_V4 || detail == TIMESTAMP;
  }

  /**
   * Whether somebody may be told of its refusal: of errors there are no errors (RFC 1122 §3.2.2).
   */
  boolean refusable() {
    return !icmp() || !Segment.isIcmpError(protocol, detail);
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
