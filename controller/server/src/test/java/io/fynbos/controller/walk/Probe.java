package io.fynbos.controller.walk;

import io.fynbos.controller.pipeline.Router;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import java.math.BigInteger;

/** Frames by hand, in short words. */
final class Probe {
  static final int SYN = 0x002;
  static final int ACK = 0x010;

  private Probe() {}

  /** A frame with this source MAC, to the router. */
  static Fields frame(long mac) {
    return new Fields().put(OxmField.ETH_SRC, mac).put(OxmField.ETH_DST, Router.MAC.value());
  }

  /** A packet of a protocol between two addresses. */
  static Fields ip(long mac, String source, String destination, int protocol) {
    boolean v6 = source.contains(":");
    return frame(mac)
        .put(OxmField.ETH_TYPE, v6 ? 0x86dd : 0x0800)
        .put(OxmField.IP_PROTO, protocol)
        .put(OxmField.IP_TTL, 64)
        .put(v6 ? OxmField.IPV6_SRC : OxmField.IPV4_SRC, address(source))
        .put(v6 ? OxmField.IPV6_DST : OxmField.IPV4_DST, address(destination));
  }

  static Fields tcp(long mac, String source, String destination, int port) {
    return ip(mac, source, destination, 6)
        .put(OxmField.TCP_SRC, 40000)
        .put(OxmField.TCP_DST, port)
        .put(OxmField.TCP_FLAGS, SYN);
  }

  static Fields udp(long mac, String source, String destination, int from, int to) {
    return ip(mac, source, destination, 17).put(OxmField.UDP_SRC, from).put(OxmField.UDP_DST, to);
  }

  static Fields icmp(long mac, String source, String destination, int type) {
    boolean v6 = source.contains(":");
    return ip(mac, source, destination, v6 ? 58 : 1)
        .put(v6 ? OxmField.ICMPV6_TYPE : OxmField.ICMPV4_TYPE, type);
  }

  /** A neighbour solicitation (RFC 4861 §4.3). */
  static Fields solicitation(long mac, String source, String target) {
    return icmp(mac, source, "ff02::1:ff00:1", 135)
        .put(OxmField.IP_TTL, 255)
        .put(OxmField.ND_TARGET, address(target))
        .put(OxmField.ND_SLL, mac);
  }

  /** An ARP request (RFC 826). */
  static Fields arp(long mac, String sender, String target) {
    return frame(mac)
        .put(OxmField.ETH_DST, new Mac(0xffff_ffff_ffffL).value())
        .put(OxmField.ETH_TYPE, 0x0806)
        .put(OxmField.ARP_OP, 1)
        .put(OxmField.ARP_SHA, mac)
        .put(OxmField.ARP_SPA, address(sender))
        .put(OxmField.ARP_TPA, address(target));
  }

  /** The same as it comes out of a tunnel. */
  static Fields tunnelled(Fields inner, String from, int key) {
    return inner.copy().put(OxmField.TUN_SRC, address(from)).put(OxmField.TUN_ID, key);
  }

  static BigInteger address(String text) {
    IpAddress address = IpAddress.parse(text);
    return Fields.join(address.high(), address.low());
  }
}
