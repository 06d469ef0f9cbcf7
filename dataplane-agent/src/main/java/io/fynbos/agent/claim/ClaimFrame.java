package io.fynbos.agent.claim;

import io.fynbos.policy.model.IpAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * The address that a frame says its sender has: an ARP packet's sender address (RFC 826, RFC 5227
 * §3), a neighbour advertisement's target (RFC 4861 §4.4).
 */
final class ClaimFrame {
  private static final int ETHERNET = 14;
  private static final int ARP_BYTES = 28;
  private static final int SENDER = ETHERNET + 14;
  private static final long ETHERNET_IPV4 = 0x0001_0800_0604L;

  private static final int IPV6_BYTES = 40;
  private static final int ICMP_V6 = 58;
  private static final int ADVERTISEMENT = 136;
  private static final int TARGET = ETHERNET + IPV6_BYTES + 8;

  private ClaimFrame() {}

  /** Reads it; empty when the frame claims nothing. */
  static Optional<IpAddress> read(byte[] frame) {
    if (frame.length < ETHERNET) {
      return Optional.empty();
    }
    int type = (frame[12] & 0xff) << 8 | (frame[13] & 0xff);
    return switch (type) {
      case 0x0806 -> arp(frame);
      case 0x86dd -> advertisement(frame);
      default -> Optional.empty();
    };
  }

  private static Optional<IpAddress> arp(byte[] frame) {
    if (frame.length < ETHERNET + ARP_BYTES || first(frame, ETHERNET, 6) != ETHERNET_IPV4) {
      return Optional.empty();
    }
    return claimed(Arrays.copyOfRange(frame, SENDER, SENDER + 4));
  }

  private static Optional<IpAddress> advertisement(byte[] frame) {
    boolean whole = frame.length >= TARGET + 16 && (frame[ETHERNET] & 0xf0) == 0x60;
    if (!whole
        || frame[ETHERNET + 6] != ICMP_V6
        || (frame[ETHERNET + IPV6_BYTES] & 0xff) != ADVERTISEMENT) {
      return Optional.empty();
    }
    return claimed(Arrays.copyOfRange(frame, TARGET, TARGET + 16));
  }

  /** A probe has no sender address yet, and nobody has a group's. */
  private static Optional<IpAddress> claimed(byte[] address) {
    int top = address[0] & 0xff;
    boolean single = address.length == 4 ? top != 0 && top < 224 : top != 0 && top != 0xff;
    return single ? Optional.of(IpAddress.ofBytes(address)) : Optional.empty();
  }

  private static long first(byte[] frame, int at, int bytes) {
    long value = 0;
    for (int i = at; i < at + bytes; i++) {
      value = value << 8 | (frame[i] & 0xff);
    }
    return value;
  }
}
