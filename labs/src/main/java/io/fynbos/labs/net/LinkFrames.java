package io.fynbos.labs.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What stations of one link say to each other, true or not. */
public final class LinkFrames {
  public static final int ARP_REQUEST = 1;
  public static final int ARP_REPLY = 2;
  private static final int ARP_TYPE = 0x0806;
  private static final int ARP_BYTES = 28;
  private static final int ETHERNET_BYTES = 14;
  private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};
  private static final byte[] ALL_NODES_MAC = {0x33, 0x33, 0, 0, 0, 1};
  private static final int ADVERTISEMENT = 136;
  private static final int ROUTER_ADVERTISEMENT = 134;
  private static final int OVERRIDE = 0x20000000;
  private static final byte TARGET_LINK_ADDRESS = 2;

  private LinkFrames() {}

  /** A broadcast ARP packet (RFC 826); gratuitous when sender and target are one address. */
  public static byte[] arp(int operation, byte[] mac, InetAddress sender, InetAddress target) {
    ByteBuffer frame = ByteBuffer.allocate(ETHERNET_BYTES + ARP_BYTES);
    frame.put(BROADCAST).put(mac).putShort((short) ARP_TYPE);
    frame.putShort((short) 1).putShort((short) 0x0800).put((byte) 6).put((byte) 4);
    frame.putShort((short) operation).put(mac).put(sender.getAddress());
    return frame.put(new byte[6]).put(target.getAddress()).array();
  }

  /** An unsolicited neighbour advertisement of this address to all nodes (RFC 4861 §4.4). */
  public static byte[] advertisement(byte[] mac, InetAddress source, InetAddress target) {
    ByteBuffer body = ByteBuffer.allocate(32);
    body.put((byte) ADVERTISEMENT).put((byte) 0).putShort((short) 0).putInt(OVERRIDE);
    body.put(target.getAddress()).put(TARGET_LINK_ADDRESS).put((byte) 1).put(mac);
    return icmpv6(mac, source, body.array());
  }

  /** A router advertisement to all nodes, as if the station were a router (RFC 4861 §4.2). */
  public static byte[] routerAdvertisement(byte[] mac, InetAddress source) {
    ByteBuffer body = ByteBuffer.allocate(16);
    body.put((byte) ROUTER_ADVERTISEMENT).put((byte) 0).putShort((short) 0);
    body.put((byte) 64).put((byte) 0).putShort((short) 1800);
    return icmpv6(mac, source, body.array());
  }

  /** With 255 hops, as neighbours demand. */
  private static byte[] icmpv6(byte[] mac, InetAddress source, byte[] body) {
    InetAddress allNodes = allNodes();
    short sum = InternetChecksum.of(source, allNodes, Segment.ICMPV6, body);
    byte[] summed = ByteBuffer.wrap(body.clone()).putShort(2, sum).array();
    byte[] frame = new IpPacket(source, allNodes, Segment.ICMPV6, summed).frame(mac, ALL_NODES_MAC);
    frame[ETHERNET_BYTES + 7] = (byte) 255;
    return frame;
  }

  private static InetAddress allNodes() {
    byte[] address = new byte[16];
    address[0] = (byte) 0xff;
    address[1] = 2;
    address[15] = 1;
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(Arrays.toString(address), e);
    }
  }
}
