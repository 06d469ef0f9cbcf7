package io.fynbos.agent.slowpath;

import java.util.Optional;

/**
 * Where things are in an Ethernet frame that carries IPv4 (RFC 791) or IPv6 (RFC 8200). Offsets
 * count from the frame's first byte; the array is not copied and must not be changed.
 */
final class IpFrame {
  static final int ETHERNET = 14;
  static final int ICMP = 1;
  static final int TCP = 6;
  static final int ICMP_V6 = 58;
  static final int IPV4_HEADER = 20;
  static final int IPV6_HEADER = 40;

  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int EXTENSIONS_MAX = 8;

  private final byte[] bytes;
  private final boolean v6;
  private final int ipLength;
  private final int protocol;
  private final int payload;
  private final boolean first;
  private final boolean last;

  private IpFrame(
      byte[] bytes,
      boolean v6,
      int ipLength,
      int protocol,
      int payload,
      boolean first,
      boolean last) {
    this.bytes = bytes;
    this.v6 = v6;
    this.ipLength = ipLength;
    this.protocol = protocol;
    this.payload = payload;
    this.first = first;
    this.last = last;
  }

  /** Reads the headers; empty when they are not whole, contradict themselves, or are not IP. */
  static Optional<IpFrame> parse(byte[] frame) {
    if (frame.length < ETHERNET) {
      return Optional.empty();
    }
    return switch (word(frame, 12)) {
      case 0x0800 -> parseV4(frame);
      case 0x86dd -> parseV6(frame);
      default -> Optional.empty();
    };
  }

  private static Optional<IpFrame> parseV4(byte[] frame) {
    int available = frame.length - ETHERNET;
    if (available < IPV4_HEADER || frame[ETHERNET] >> 4 != 4) {
      return Optional.empty();
    }
    int header = (frame[ETHERNET] & 0xf) * 4;
    int total = word(frame, ETHERNET + 2);
    if (header < IPV4_HEADER || total < header || total > available) {
      return Optional.empty();
    }
    int fragment = word(frame, ETHERNET + 6);
    boolean first = (fragment & 0x1fff) == 0;
    boolean last = (fragment & 0x2000) == 0;
    int protocol = frame[ETHERNET + 9] & 0xff;
    return Optional.of(new IpFrame(frame, false, total, protocol, ETHERNET + header, first, last));
  }

  private static Optional<IpFrame> parseV6(byte[] frame) {
    int available = frame.length - ETHERNET;
    if (available < IPV6_HEADER || (frame[ETHERNET] & 0xf0) != 0x60) {
      return Optional.empty();
    }
    int total = IPV6_HEADER + word(frame, ETHERNET + 4);
    if (total > available) {
      return Optional.empty();
    }
    int end = ETHERNET + total;
    int next = frame[ETHERNET + 6] & 0xff;
    int at = ETHERNET + IPV6_HEADER;
    boolean first = true;
    boolean last = true;
    for (int i = 0; i < EXTENSIONS_MAX && extension(next); i++) {
      if (at + 8 > end) {
        return Optional.empty();
      }
      int length = 8;
      if (next == FRAGMENT) {
        first &= (word(frame, at + 2) & 0xfff8) == 0;
        last &= (word(frame, at + 2) & 1) == 0;
      } else {
        length += (frame[at + 1] & 0xff) * 8;
      }
      next = frame[at] & 0xff;
      at += length;
    }
    if (at > end || extension(next)) {
      return Optional.empty();
    }
    return Optional.of(new IpFrame(frame, true, total, next, at, first, last));
  }

  private static boolean extension(int next) {
    return next == HOP_BY_HOP || next == ROUTING || next == FRAGMENT || next == DESTINATION_OPTIONS;
  }

  /** The frame itself. */
  byte[] bytes() {
    return bytes;
  }

  /** Whether it is IPv6. */
  boolean v6() {
    return v6;
  }

  /** Bytes from the IP header to the packet's end; padding of the frame is left out. */
  int ipLength() {
    return ipLength;
  }

  /** What the payload is, after IPv6's extension headers. */
  int protocol() {
    return protocol;
  }

  /** Where the payload begins. */
  int payload() {
    return payload;
  }

  /** Whether it is a whole packet or the first fragment of one. */
  boolean first() {
    return first;
  }

  /** Whether it is a whole packet. */
  boolean whole() {
    return first && last;
  }

  /** Where the packet ends. */
  int end() {
    return ETHERNET + ipLength;
  }

  /** Bytes of payload. */
  int payloadLength() {
    return end() - payload;
  }

  /** How long an address is. */
  int addressBytes() {
    return v6 ? 16 : 4;
  }

  /** Where the source address is. */
  int source() {
    return ETHERNET + (v6 ? 8 : 12);
  }

  /** Where the destination address is. */
  int destination() {
    return source() + addressBytes();
  }

  /**
   * Whether an ICMP error may be sent about it: RFC 1122 §3.2.2, RFC 1812 §4.3.2.7 and RFC 4443
   * §2.4 (e). Not about an error, a later fragment, or to or from anything but one host.
   */
  boolean mayBeComplainedAbout() {
    if (!first || !amongTwo()) {
      return false;
    }
    if (payloadLength() < 1) {
      return protocol != ICMP && protocol != ICMP_V6;
    }
    int type = bytes[payload] & 0xff;
    if (v6) {
      // Errors are below 128; 137 is a redirect.
      return protocol != ICMP_V6 || (type >= 128 && type != 137);
    }
    return protocol != ICMP || type == 0 || type == 8 || (type >= 13 && type <= 18);
  }

  /** Whether one host sent it to one host. */
  boolean amongTwo() {
    boolean groupMac = (bytes[0] & 1) != 0;
    return !groupMac && singleHost(source()) && singleHost(destination());
  }

  private boolean singleHost(int at) {
    if (v6) {
      boolean multicast = (bytes[at] & 0xff) == 0xff;
      return !multicast && !zero(at, 15);
    }
    int top = bytes[at] & 0xff;
    return top != 0 && top != 127 && top < 224;
  }

  private boolean zero(int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  static int word(byte[] bytes, int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }

  static void putWord(byte[] bytes, int at, int word) {
    bytes[at] = (byte) (word >> 8);
    bytes[at + 1] = (byte) word;
  }
}
