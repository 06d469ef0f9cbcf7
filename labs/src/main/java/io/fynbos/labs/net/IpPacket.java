package io.fynbos.labs.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An IP packet of either family (RFC 791, RFC 8200), without options or extension headers other
 * than a fragment's.
 */
public final class IpPacket {
  private static final int ETHERNET_BYTES = 14;
  private static final int IPV4_BYTES = 20;
  private static final int IPV6_BYTES = 40;
  private static final int IPV4_TYPE = 0x0800;
  private static final int IPV6_TYPE = 0x86dd;
  private static final int HOPS = 64;
  private static final int DO_NOT_FRAGMENT = 0x4000;
  private static final int MORE_FRAGMENTS = 0x2000;

  /** The next header of IPv6 that says that a fragment follows. */
  private static final int FRAGMENT = 44;

  private static final int FRAGMENT_HEADER_BYTES = 8;

  private final InetAddress source;
  private final InetAddress destination;
  private final int protocol;
  private final byte[] payload;

  /**
   * A packet of what is given; both addresses are of one family.
   *
   * @param protocol the IANA number of what the payload is
   * @param payload what follows the IP header
   */
  public IpPacket(InetAddress source, InetAddress destination, int protocol, byte[] payload) {
    this.source = source;
    this.destination = destination;
    this.protocol = protocol;
    this.payload = payload.clone();
  }

  int protocol() {
    return protocol;
  }

  byte[] payload() {
    return payload.clone();
  }

  public boolean v6() {
    return source.getAddress().length == 16;
  }

  /** The packet as one Ethernet frame. */
  public byte[] frame(byte[] fromMac, byte[] toMac) {
    return framed(fromMac, toMac, (short) 0, DO_NOT_FRAGMENT);
  }

  private byte[] framed(byte[] fromMac, byte[] toMac, short id, int fragment) {
    ByteBuffer frame =
        ByteBuffer.allocate(ETHERNET_BYTES + (v6() ? IPV6_BYTES : IPV4_BYTES) + payload.length);
    frame.put(toMac).put(fromMac).putShort((short) (v6() ? IPV6_TYPE : IPV4_TYPE));
    return frame.put(v6() ? ipv6Header() : ipv4Header(id, fragment)).put(payload).array();
  }

  /**
   * The packet in fragments, each an Ethernet frame (RFC 791, RFC 8200 §4.5).
   *
   * @param id the same for all fragments of the packet, and for none of another
   * @param bytesEach what each but the last carries, a multiple of eight
   */
  public List<byte[]> fragments(byte[] fromMac, byte[] toMac, int id, int bytesEach) {
    List<byte[]> frames = new ArrayList<>();
    for (int offset = 0; offset < payload.length; offset += bytesEach) {
      int end = Math.min(payload.length, offset + bytesEach);
      byte[] part = Arrays.copyOfRange(payload, offset, end);
      boolean more = end < payload.length;
      frames.add(
          v6()
              ? new IpPacket(source, destination, FRAGMENT, fragmentHeader(part, offset, more, id))
                  .frame(fromMac, toMac)
              : new IpPacket(source, destination, protocol, part)
                  .framed(fromMac, toMac, (short) id, (more ? MORE_FRAGMENTS : 0) | (offset / 8)));
    }
    return frames;
  }

  private byte[] fragmentHeader(byte[] part, int offset, boolean more, int id) {
    ByteBuffer bytes = ByteBuffer.allocate(FRAGMENT_HEADER_BYTES + part.length);
    bytes.put((byte) protocol).put((byte) 0).putShort((short) (offset | (more ? 1 : 0)));
    return bytes.putInt(id).put(part).array();
  }

  private byte[] ipv4Header(short id, int fragment) {
    ByteBuffer header = ByteBuffer.allocate(IPV4_BYTES);
    header.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4_BYTES + payload.length));
    header.putShort(id).putShort((short) fragment);
    header.put((byte) HOPS).put((byte) protocol).putShort((short) 0);
    header.put(source.getAddress()).put(destination.getAddress());
    return header.putShort(10, InternetChecksum.of(header.array())).array();
  }

  private byte[] ipv6Header() {
    ByteBuffer header = ByteBuffer.allocate(IPV6_BYTES);
    header.putInt(0x60000000).putShort((short) payload.length);
    header.put((byte) protocol).put((byte) HOPS);
    return header.put(source.getAddress()).put(destination.getAddress()).array();
  }

  /** The packet in this Ethernet frame; nothing when it carries none or a broken one. */
  public static Optional<IpPacket> inFrame(byte[] frame) {
    if (frame.length < ETHERNET_BYTES) {
      return Optional.empty();
    }
    int type = ((frame[12] & 0xff) << 8) | (frame[13] & 0xff);
    byte[] packet = Arrays.copyOfRange(frame, ETHERNET_BYTES, frame.length);
    return type == IPV4_TYPE || type == IPV6_TYPE ? decode(packet) : Optional.empty();
  }

  /** The packet in these bytes, which may end early, as those quoted in ICMP errors do. */
  public static Optional<IpPacket> decode(byte[] bytes) {
    if (bytes.length >= IPV4_BYTES && (bytes[0] & 0xf0) == 0x40) {
      int header = (bytes[0] & 0x0f) * 4;
      int total = ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
      if (header < IPV4_BYTES || total < header || bytes.length < header) {
        return Optional.empty();
      }
      return Optional.of(
          new IpPacket(
              address(bytes, 12, 4),
              address(bytes, 16, 4),
              bytes[9] & 0xff,
              Arrays.copyOfRange(bytes, header, Math.min(total, bytes.length))));
    }
    if (bytes.length >= IPV6_BYTES && (bytes[0] & 0xf0) == 0x60) {
      int length = ((bytes[4] & 0xff) << 8) | (bytes[5] & 0xff);
      int end = Math.min(IPV6_BYTES + length, bytes.length);
      boolean fragment = (bytes[6] & 0xff) == FRAGMENT && end >= IPV6_BYTES + FRAGMENT_HEADER_BYTES;
      return Optional.of(
          new IpPacket(
              address(bytes, 8, 16),
              address(bytes, 24, 16),
              bytes[fragment ? IPV6_BYTES : 6] & 0xff,
              Arrays.copyOfRange(bytes, IPV6_BYTES + (fragment ? FRAGMENT_HEADER_BYTES : 0), end)));
    }
    return Optional.empty();
  }

  private static InetAddress address(byte[] bytes, int from, int length) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + length));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of " + length + " bytes", e);
    }
  }
}
