package io.fynbos.agent.support;

import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Octets;
import io.fynbos.openflow.wire.PacketIn;
import io.fynbos.openflow.wire.Reason;
import java.util.HexFormat;

/** Frames as guests send them, in hexadecimal, and packets that a switch copies to the agent. */
public final class Frames {
  private static final String ETHERNET = "0e0000000001020000000007";

  /** 10.0.0.1 → 10.0.0.2, TCP 40000 → 80, SYN. */
  public static final String TCP_V4 =
      ETHERNET
          + "0800"
          + "4500002812344000400600000a0000010a000002"
          + "9c400050100000000000000050027210"
          + "00000000";

  /** fd00:7::1 → fd00:7::2, UDP 40000 → 53. */
  public static final String UDP_V6 =
      ETHERNET
          + "86dd"
          + "60000000000c1140"
          + "fd000007000000000000000000000001fd000007000000000000000000000002"
          + "9c400035000c000061626364";

  /** 10.0.0.9 says on 02:00:00:00:00:07 that it is here. */
  public static final String GRATUITOUS_ARP =
      "ffffffffffff020000000007"
          + "0806"
          + "0001080006040001"
          + "0200000000070a000009"
          + "0000000000000a000009";

  /** fd00:7::9 says that it is here. */
  public static final String UNSOLICITED_ADVERTISEMENT =
      "333300000001020000000007"
          + "86dd"
          + "6000000000203aff"
          + "fd000007000000000000000000000009ff020000000000000000000000000001"
          + "8800000020000000"
          + "fd000007000000000000000000000009"
          + "0201020000000007";

  private Frames() {}

  /** The bytes of a frame. */
  public static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  /** A packet from a table of the agent with what the pipeline knows of it. */
  public static PacketIn packetIn(Match match, String frame) {
    byte[] bytes = bytes(frame);
    return new PacketIn(Reason.ACTION, 0, 0, match, Octets.EMPTY, bytes.length, Octets.of(bytes));
  }
}
