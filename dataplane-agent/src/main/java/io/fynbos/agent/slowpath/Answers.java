package io.fynbos.agent.slowpath;

import java.util.Optional;

/**
 * What the router of a universe answers to a packet it will not forward: frame in, frame out,
 * addressed to the frame's sender. Empty where nothing may be answered.
 */
final class Answers {
  /** The router's MAC address on every guest's link. */
  static final byte[] ROUTER_MAC = {0x0e, 0, 0, 0, 0, 1};

  /** 169.254.1.1. */
  static final byte[] ROUTER_V4 = {(byte) 169, (byte) 254, 1, 1};

  /** fe80::1. */
  static final byte[] ROUTER_V6 = {
    (byte) 0xfe, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
  };

  private static final int TTL = 64;

  /** RFC 1812 §4.3.2.3: no more than 576 bytes in all. */
  private static final int ERROR_V4_BYTES_MAX = 576;

  /** RFC 4443 §2.4 (c): no more than the smallest MTU of IPv6. */
  private static final int ERROR_V6_BYTES_MAX = 1280;

  private static final int ICMP_HEADER = 8;
  private static final int TCP_HEADER = 20;
  private static final int FIN = 0x01;
  private static final int SYN = 0x02;
  private static final int RST = 0x04;
  private static final int ACK = 0x10;

  private Answers() {}

  /**
   * Refuses: a reset for TCP (RFC 9293 §3.10.7.1; never for a reset, nor where more than one may
   * hear of it, RFC 1122 §4.2.3.10), else "communication administratively prohibited" (RFC 1812
   * §5.2.7.1, RFC 4443 §3.1).
   */
  static Optional<byte[]> reject(byte[] frame) {
    Optional<IpFrame> packet = IpFrame.parse(frame);
    if (packet.isEmpty()) {
      return Optional.empty();
    }
    if (packet.get().protocol() == IpFrame.TCP) {
      return reset(packet.get());
    }
    return packet.get().v6() ? errorV6(packet.get(), 1, 1, 0) : errorV4(packet.get(), 3, 13, 0);
  }

  /** Time exceeded in transit: RFC 792, RFC 4443 §3.3. */
  static Optional<byte[]> timeExceeded(byte[] frame) {
    return IpFrame.parse(frame)
        .flatMap(packet -> packet.v6() ? errorV6(packet, 3, 0, 0) : errorV4(packet, 11, 0, 0));
  }

  /** Fragmentation needed, with the MTU to keep to: RFC 1191 §4, RFC 4443 §3.2. */
  static Optional<byte[]> tooBig(byte[] frame, int mtu) {
    return IpFrame.parse(frame)
        .flatMap(packet -> packet.v6() ? errorV6(packet, 2, 0, mtu) : errorV4(packet, 3, 4, mtu));
  }

  private static Optional<byte[]> reset(IpFrame packet) {
    byte[] in = packet.bytes();
    int tcp = packet.payload();
    if (!packet.first() || !packet.amongTwo() || packet.payloadLength() < TCP_HEADER) {
      return Optional.empty();
    }
    int flags = in[tcp + 13] & 0xff;
    int header = (in[tcp + 12] >> 4 & 0xf) * 4;
    if ((flags & RST) != 0 || header < TCP_HEADER || header > packet.payloadLength()) {
      return Optional.empty();
    }
    if ((flags & ACK) == 0 && !packet.whole()) {
      // What to acknowledge depends on how long the rest of it is.
      return Optional.empty();
    }
    int ipHeader = packet.v6() ? IpFrame.IPV6_HEADER : IpFrame.IPV4_HEADER;
    byte[] out = new byte[IpFrame.ETHERNET + ipHeader + TCP_HEADER];
    ethernet(packet, out);
    int from = packet.destination();
    if (packet.v6()) {
      ipV6(packet, out, TCP_HEADER, IpFrame.TCP, in, from);
    } else {
      ipV4(packet, out, TCP_HEADER, IpFrame.TCP, in, from);
    }
    int at = IpFrame.ETHERNET + ipHeader;
    System.arraycopy(in, tcp + 2, out, at, 2);
    System.arraycopy(in, tcp, out, at + 2, 2);
    if ((flags & ACK) != 0) {
      System.arraycopy(in, tcp + 8, out, at + 4, 4);
      out[at + 13] = RST;
    } else {
      int length = packet.payloadLength() - header;
      length += (flags & SYN) != 0 ? 1 : 0;
      length += (flags & FIN) != 0 ? 1 : 0;
      int sequence = IpFrame.word(in, tcp + 4) << 16 | IpFrame.word(in, tcp + 6);
      IpFrame.putWord(out, at + 8, (sequence + length) >>> 16);
      IpFrame.putWord(out, at + 10, sequence + length);
      out[at + 13] = RST | ACK;
    }
    out[at + 12] = (TCP_HEADER / 4) << 4;
    int addresses = at - 2 * packet.addressBytes();
    Checksum sum = new Checksum().add(out, addresses, 2 * packet.addressBytes());
    sum.add(IpFrame.TCP).add(TCP_HEADER).add(out, at, TCP_HEADER);
    IpFrame.putWord(out, at + 16, sum.value());
    return Optional.of(out);
  }

  private static Optional<byte[]> errorV4(IpFrame packet, int type, int code, int mtu) {
    if (!packet.mayBeComplainedAbout()) {
      return Optional.empty();
    }
    int quoted =
        Math.min(packet.ipLength(), ERROR_V4_BYTES_MAX - IpFrame.IPV4_HEADER - ICMP_HEADER);
    byte[] out = new byte[IpFrame.ETHERNET + IpFrame.IPV4_HEADER + ICMP_HEADER + quoted];
    ethernet(packet, out);
    ipV4(packet, out, ICMP_HEADER + quoted, IpFrame.ICMP, ROUTER_V4, 0);
    int at = IpFrame.ETHERNET + IpFrame.IPV4_HEADER;
    out[at] = (byte) type;
    out[at + 1] = (byte) code;
    IpFrame.putWord(out, at + 6, mtu);
    System.arraycopy(packet.bytes(), IpFrame.ETHERNET, out, at + ICMP_HEADER, quoted);
    IpFrame.putWord(out, at + 2, new Checksum().add(out, at, ICMP_HEADER + quoted).value());
    return Optional.of(out);
  }

  private static Optional<byte[]> errorV6(IpFrame packet, int type, int code, int mtu) {
    if (!packet.mayBeComplainedAbout()) {
      return Optional.empty();
    }
    int quoted =
        Math.min(packet.ipLength(), ERROR_V6_BYTES_MAX - IpFrame.IPV6_HEADER - ICMP_HEADER);
    byte[] out = new byte[IpFrame.ETHERNET + IpFrame.IPV6_HEADER + ICMP_HEADER + quoted];
    ethernet(packet, out);
    ipV6(packet, out, ICMP_HEADER + quoted, IpFrame.ICMP_V6, ROUTER_V6, 0);
    int at = IpFrame.ETHERNET + IpFrame.IPV6_HEADER;
    out[at] = (byte) type;
    out[at + 1] = (byte) code;
    IpFrame.putWord(out, at + 4, mtu >>> 16);
    IpFrame.putWord(out, at + 6, mtu);
    System.arraycopy(packet.bytes(), IpFrame.ETHERNET, out, at + ICMP_HEADER, quoted);
    Checksum sum = new Checksum().add(out, IpFrame.ETHERNET + 8, 32);
    sum.add(ICMP_HEADER + quoted).add(IpFrame.ICMP_V6).add(out, at, ICMP_HEADER + quoted);
    IpFrame.putWord(out, at + 2, sum.value());
    return Optional.of(out);
  }

  private static void ethernet(IpFrame packet, byte[] out) {
    System.arraycopy(packet.bytes(), 6, out, 0, 6);
    System.arraycopy(ROUTER_MAC, 0, out, 6, 6);
    System.arraycopy(packet.bytes(), 12, out, 12, 2);
  }

  private static void ipV4(
      IpFrame packet, byte[] out, int length, int protocol, byte[] from, int fromOffset) {
    int at = IpFrame.ETHERNET;
    out[at] = 0x45;
    IpFrame.putWord(out, at + 2, IpFrame.IPV4_HEADER + length);
    out[at + 8] = TTL;
    out[at + 9] = (byte) protocol;
    System.arraycopy(from, fromOffset, out, at + 12, 4);
    System.arraycopy(packet.bytes(), packet.source(), out, at + 16, 4);
    IpFrame.putWord(out, at + 10, new Checksum().add(out, at, IpFrame.IPV4_HEADER).value());
  }

  private static void ipV6(
      IpFrame packet, byte[] out, int length, int next, byte[] from, int fromOffset) {
    int at = IpFrame.ETHERNET;
    out[at] = 0x60;
    IpFrame.putWord(out, at + 4, length);
    out[at + 6] = (byte) next;
    out[at + 7] = TTL;
    System.arraycopy(from, fromOffset, out, at + 8, 16);
    System.arraycopy(packet.bytes(), packet.source(), out, at + 24, 16);
  }
}
