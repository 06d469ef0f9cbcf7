package io.fynbos.agent.flowlog;

import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.verdict.Transport;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who speaks to whom, from the first bytes of an Ethernet frame with IPv4 (RFC 791) or IPv6 (RFC
 * 8200). A frame that was cut after its headers reads the same.
 *
 * @param protocol after IPv6's extension headers, as Open vSwitch has it
 * @param first the source port, or the ICMP type; absent where there is none, or not in this
 *     fragment
 * @param second the destination port, or the ICMP code; there when the first is
 */
record Headers(
    IpAddress source, IpAddress destination, int protocol, OptionalInt first, OptionalInt second) {
  private static final int ICMP = 1;
  private static final int ICMP_V6 = 58;

  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int AUTHENTICATION = 51;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int EXTENSIONS_MAX = 16;

  private static final int ETHERNET = 14;
  private static final int IPV4_BYTES = 20;
  private static final int IPV6_BYTES = 40;

  /** Reads them; empty when it is not IP, or its headers are not whole or contradict themselves. */
  static Optional<Headers> read(byte[] frame) {
    if (frame.length < ETHERNET) {
      return Optional.empty();
    }
    return switch (word(frame, 12)) {
      case 0x0800 -> readV4(frame);
      case 0x86dd -> readV6(frame);
      default -> Optional.empty();
    };
  }

  /** The protocol with what it has; what is not in this fragment is 0. */
  Transport transport() {
    int one = first.orElse(0);
    int two = second.orElse(0);
    if (Service.hasPorts(protocol)) {
      return new Transport.Ports(protocol, one, two);
    }
    return Service.isIcmp(protocol)
        ? new Transport.Icmp(protocol, one, two)
        : new Transport.Other(protocol);
  }

  private static Optional<Headers> readV4(byte[] frame) {
    if (frame.length < ETHERNET + IPV4_BYTES || (frame[ETHERNET] & 0xf0) != 0x40) {
      return Optional.empty();
    }
    int header = (frame[ETHERNET] & 0xf) * 4;
    if (header < IPV4_BYTES) {
      return Optional.empty();
    }
    boolean laterFragment = (word(frame, ETHERNET + 6) & 0x1fff) != 0;
    int protocol = frame[ETHERNET + 9] & 0xff;
    int payload = laterFragment ? frame.length : ETHERNET + header;
    return Optional.of(of(frame, ETHERNET + 12, 4, protocol, payload));
  }

  private static Optional<Headers> readV6(byte[] frame) {
    if (frame.length < ETHERNET + IPV6_BYTES || (frame[ETHERNET] & 0xf0) != 0x60) {
      return Optional.empty();
    }
    int next = frame[ETHERNET + 6] & 0xff;
    int at = ETHERNET + IPV6_BYTES;
    boolean laterFragment = false;
    for (int i = 0; extension(next) && !laterFragment; i++) {
      if (i == EXTENSIONS_MAX || at + 8 > frame.length) {
        return Optional.empty();
      }
      int length = 8;
      if (next == FRAGMENT) {
        laterFragment = (word(frame, at + 2) & 0xfff8) != 0;
      } else if (next == AUTHENTICATION) {
        length = ((frame[at + 1] & 0xff) + 2) * 4;
      } else {
        length += (frame[at + 1] & 0xff) * 8;
      }
      next = frame[at] & 0xff;
      at += length;
    }
    int payload = laterFragment ? frame.length : at;
    return Optional.of(of(frame, ETHERNET + 8, 16, next, payload));
  }

  private static boolean extension(int next) {
    return next == HOP_BY_HOP
        || next == ROUTING
        || next == FRAGMENT
        || next == AUTHENTICATION
        || next == DESTINATION_OPTIONS;
  }

  private static Headers of(byte[] frame, int addresses, int bytes, int protocol, int payload) {
    OptionalInt first = OptionalInt.empty();
    OptionalInt second = OptionalInt.empty();
    boolean icmp = protocol == (bytes == 4 ? ICMP : ICMP_V6);
    boolean ports = Service.hasPorts(protocol);
    if (icmp && payload + 2 <= frame.length) {
      first = OptionalInt.of(frame[payload] & 0xff);
      second = OptionalInt.of(frame[payload + 1] & 0xff);
    } else if (ports && payload + 4 <= frame.length) {
      first = OptionalInt.of(word(frame, payload));
      second = OptionalInt.of(word(frame, payload + 2));
    }
    IpAddress source = address(frame, addresses, bytes);
    IpAddress destination = address(frame, addresses + bytes, bytes);
    return new Headers(source, destination, protocol, first, second);
  }

  private static IpAddress address(byte[] frame, int at, int bytes) {
    return IpAddress.ofBytes(Arrays.copyOfRange(frame, at, at + bytes));
  }

  private static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }
}
