package io.fynbos.openflow.wire;

import java.util.HashMap;
import java.util.Map;

/**
 * The match fields this package knows: OpenFlow 1.5 §7.2.3 and Open vSwitch's meta-flow.h. A
 * field's order here is its order in a {@link Match}, prerequisites first.
 *
 * <p>Each has the header that Open vSwitch uses in OpenFlow 1.5 messages and the one it uses inside
 * Nicira extensions; both are understood everywhere.
 */
public enum OxmField {
  CONJ_ID("conj_id", 32, Form.DECIMAL, nx(37), "NXM_NX_CONJ_ID"),
  PACKET_TYPE("packet_type", 32, Form.PACKET_TYPE, of(44), "OXM_OF_PACKET_TYPE"),
  IN_PORT("in_port", 32, Form.PORT, of(0), "OXM_OF_IN_PORT"),
  ACTSET_OUTPUT("actset_output", 32, Form.PORT, of(43), "OXM_OF_ACTSET_OUTPUT"),
  RECIRC_ID("recirc_id", 32, Form.HEX, nx(36), "NXM_NX_RECIRC_ID"),
  PKT_MARK("pkt_mark", 32, Form.HEX, nx(33), "NXM_NX_PKT_MARK"),
  METADATA("metadata", 64, Form.HEX, of(2), "OXM_OF_METADATA"),
  REG0("reg0", 32, Form.HEX, nx(0), "NXM_NX_REG0"),
  REG1("reg1", 32, Form.HEX, nx(1), "NXM_NX_REG1"),
  REG2("reg2", 32, Form.HEX, nx(2), "NXM_NX_REG2"),
  REG3("reg3", 32, Form.HEX, nx(3), "NXM_NX_REG3"),
  REG4("reg4", 32, Form.HEX, nx(4), "NXM_NX_REG4"),
  REG5("reg5", 32, Form.HEX, nx(5), "NXM_NX_REG5"),
  REG6("reg6", 32, Form.HEX, nx(6), "NXM_NX_REG6"),
  REG7("reg7", 32, Form.HEX, nx(7), "NXM_NX_REG7"),
  REG8("reg8", 32, Form.HEX, nx(8), "NXM_NX_REG8"),
  REG9("reg9", 32, Form.HEX, nx(9), "NXM_NX_REG9"),
  REG10("reg10", 32, Form.HEX, nx(10), "NXM_NX_REG10"),
  REG11("reg11", 32, Form.HEX, nx(11), "NXM_NX_REG11"),
  REG12("reg12", 32, Form.HEX, nx(12), "NXM_NX_REG12"),
  REG13("reg13", 32, Form.HEX, nx(13), "NXM_NX_REG13"),
  REG14("reg14", 32, Form.HEX, nx(14), "NXM_NX_REG14"),
  REG15("reg15", 32, Form.HEX, nx(15), "NXM_NX_REG15"),
  XREG0("xreg0", 64, Form.HEX, pktReg(0), "OXM_OF_PKT_REG0"),
  XREG1("xreg1", 64, Form.HEX, pktReg(1), "OXM_OF_PKT_REG1"),
  XREG2("xreg2", 64, Form.HEX, pktReg(2), "OXM_OF_PKT_REG2"),
  XREG3("xreg3", 64, Form.HEX, pktReg(3), "OXM_OF_PKT_REG3"),
  XREG4("xreg4", 64, Form.HEX, pktReg(4), "OXM_OF_PKT_REG4"),
  XREG5("xreg5", 64, Form.HEX, pktReg(5), "OXM_OF_PKT_REG5"),
  XREG6("xreg6", 64, Form.HEX, pktReg(6), "OXM_OF_PKT_REG6"),
  XREG7("xreg7", 64, Form.HEX, pktReg(7), "OXM_OF_PKT_REG7"),
  XXREG0("xxreg0", 128, Form.HEX, nx(111), "NXM_NX_XXREG0"),
  XXREG1("xxreg1", 128, Form.HEX, nx(112), "NXM_NX_XXREG1"),
  XXREG2("xxreg2", 128, Form.HEX, nx(113), "NXM_NX_XXREG2"),
  XXREG3("xxreg3", 128, Form.HEX, nx(114), "NXM_NX_XXREG3"),
  TUN_ID("tun_id", 64, Form.HEX, of(38), nx(16), "NXM_NX_TUN_ID"),
  TUN_SRC("tun_src", 32, Form.IPV4, nx(31), "NXM_NX_TUN_IPV4_SRC"),
  TUN_DST("tun_dst", 32, Form.IPV4, nx(32), "NXM_NX_TUN_IPV4_DST"),
  TUN_IPV6_SRC("tun_ipv6_src", 128, Form.IPV6, nx(109), "NXM_NX_TUN_IPV6_SRC"),
  TUN_IPV6_DST("tun_ipv6_dst", 128, Form.IPV6, nx(110), "NXM_NX_TUN_IPV6_DST"),
  TUN_FLAGS("tun_flags", 1, Form.TUN_FLAGS, nx(104), "NXM_NX_TUN_FLAGS"),
  ETH_DST("eth_dst", 48, Form.MAC, of(3), nxm(1), "NXM_OF_ETH_DST"),
  ETH_SRC("eth_src", 48, Form.MAC, of(4), nxm(2), "NXM_OF_ETH_SRC"),
  ETH_TYPE("eth_type", 16, Form.HEX, of(5), nxm(3), "NXM_OF_ETH_TYPE"),
  VLAN_VID("vlan_vid", 13, Form.DECIMAL, of(6), "OXM_OF_VLAN_VID"),
  VLAN_PCP("vlan_pcp", 3, Form.DECIMAL, of(7), "OXM_OF_VLAN_PCP"),
  IP_DSCP("ip_dscp", 6, Form.DECIMAL, of(8), "OXM_OF_IP_DSCP"),
  IP_ECN("nw_ecn", 2, Form.DECIMAL, of(9), nx(28), "NXM_NX_IP_ECN"),
  IP_PROTO("nw_proto", 8, Form.DECIMAL, of(10), nxm(6), "NXM_OF_IP_PROTO"),
  IP_TTL("nw_ttl", 8, Form.DECIMAL, nx(29), "NXM_NX_IP_TTL"),
  IP_FRAG("ip_frag", 2, Form.FRAGMENT, nx(26), "NXM_NX_IP_FRAG"),
  IPV4_SRC("ip_src", 32, Form.IPV4, of(11), nxm(7), "NXM_OF_IP_SRC"),
  IPV4_DST("ip_dst", 32, Form.IPV4, of(12), nxm(8), "NXM_OF_IP_DST"),
  IPV6_SRC("ipv6_src", 128, Form.IPV6, of(26), nx(19), "NXM_NX_IPV6_SRC"),
  IPV6_DST("ipv6_dst", 128, Form.IPV6, of(27), nx(20), "NXM_NX_IPV6_DST"),
  IPV6_LABEL("ipv6_label", 20, Form.HEX, of(28), nx(27), "NXM_NX_IPV6_LABEL"),
  CT_STATE("ct_state", 8, Form.CT_STATE, nx(105), "NXM_NX_CT_STATE"),
  CT_ZONE("ct_zone", 16, Form.HEX, nx(106), "NXM_NX_CT_ZONE"),
  CT_MARK("ct_mark", 32, Form.HEX, nx(107), "NXM_NX_CT_MARK"),
  CT_LABEL("ct_label", 128, Form.HEX, nx(108), "NXM_NX_CT_LABEL"),
  CT_NW_PROTO("ct_nw_proto", 8, Form.DECIMAL, nx(119), "NXM_NX_CT_NW_PROTO"),
  CT_NW_SRC("ct_nw_src", 32, Form.IPV4, nx(120), "NXM_NX_CT_NW_SRC"),
  CT_NW_DST("ct_nw_dst", 32, Form.IPV4, nx(121), "NXM_NX_CT_NW_DST"),
  CT_IPV6_SRC("ct_ipv6_src", 128, Form.IPV6, nx(122), "NXM_NX_CT_IPV6_SRC"),
  CT_IPV6_DST("ct_ipv6_dst", 128, Form.IPV6, nx(123), "NXM_NX_CT_IPV6_DST"),
  CT_TP_SRC("ct_tp_src", 16, Form.DECIMAL, nx(124), "NXM_NX_CT_TP_SRC"),
  CT_TP_DST("ct_tp_dst", 16, Form.DECIMAL, nx(125), "NXM_NX_CT_TP_DST"),
  TCP_SRC("tcp_src", 16, Form.DECIMAL, of(13), nxm(9), "NXM_OF_TCP_SRC"),
  TCP_DST("tcp_dst", 16, Form.DECIMAL, of(14), nxm(10), "NXM_OF_TCP_DST"),
  TCP_FLAGS("tcp_flags", 12, Form.TCP_FLAGS, of(42), nx(34), "NXM_NX_TCP_FLAGS"),
  UDP_SRC("udp_src", 16, Form.DECIMAL, of(15), nxm(11), "NXM_OF_UDP_SRC"),
  UDP_DST("udp_dst", 16, Form.DECIMAL, of(16), nxm(12), "NXM_OF_UDP_DST"),
  SCTP_SRC("sctp_src", 16, Form.DECIMAL, of(17), "OXM_OF_SCTP_SRC"),
  SCTP_DST("sctp_dst", 16, Form.DECIMAL, of(18), "OXM_OF_SCTP_DST"),
  ICMPV4_TYPE("icmp_type", 8, Form.DECIMAL, of(19), nxm(13), "NXM_OF_ICMP_TYPE"),
  ICMPV4_CODE("icmp_code", 8, Form.DECIMAL, of(20), nxm(14), "NXM_OF_ICMP_CODE"),
  ICMPV6_TYPE("icmpv6_type", 8, Form.DECIMAL, of(29), nx(21), "NXM_NX_ICMPV6_TYPE"),
  ICMPV6_CODE("icmpv6_code", 8, Form.DECIMAL, of(30), nx(22), "NXM_NX_ICMPV6_CODE"),
  ND_TARGET("nd_target", 128, Form.IPV6, of(31), nx(23), "NXM_NX_ND_TARGET"),
  ND_SLL("nd_sll", 48, Form.MAC, of(32), nx(24), "NXM_NX_ND_SLL"),
  ND_TLL("nd_tll", 48, Form.MAC, of(33), nx(25), "NXM_NX_ND_TLL"),
  ND_RESERVED("nd_reserved", 32, Form.DECIMAL, ericsson(1), "ERICOXM_OF_ICMPV6_ND_RESERVED"),
  ND_OPTIONS_TYPE(
      "nd_options_type", 8, Form.DECIMAL, ericsson(2), "ERICOXM_OF_ICMPV6_ND_OPTIONS_TYPE"),
  ARP_OP("arp_op", 16, Form.DECIMAL, of(21), nxm(15), "NXM_OF_ARP_OP"),
  ARP_SPA("arp_spa", 32, Form.IPV4, of(22), nxm(16), "NXM_OF_ARP_SPA"),
  ARP_TPA("arp_tpa", 32, Form.IPV4, of(23), nxm(17), "NXM_OF_ARP_TPA"),
  ARP_SHA("arp_sha", 48, Form.MAC, of(24), nx(17), "NXM_NX_ARP_SHA"),
  ARP_THA("arp_tha", 48, Form.MAC, of(25), nx(18), "NXM_NX_ARP_THA"),
  MPLS_LABEL("mpls_label", 20, Form.DECIMAL, of(34), "OXM_OF_MPLS_LABEL"),
  MPLS_TC("mpls_tc", 3, Form.DECIMAL, of(35), "OXM_OF_MPLS_TC"),
  MPLS_BOS("mpls_bos", 1, Form.DECIMAL, of(36), "OXM_OF_MPLS_BOS"),
  MPLS_TTL("mpls_ttl", 8, Form.DECIMAL, nx(30), "NXM_NX_MPLS_TTL");

  /** How a value is written. */
  enum Form {
    DECIMAL,
    HEX,
    MAC,
    IPV4,
    IPV6,
    PORT,
    FRAGMENT,
    PACKET_TYPE,
    CT_STATE,
    TCP_FLAGS,
    TUN_FLAGS
  }

  private static final OxmField[] VALUES = values();
  private static final Map<Integer, OxmField> BY_KEY = new HashMap<>();

  static {
    for (OxmField field : VALUES) {
      BY_KEY.put(field.oxmKey, field);
      BY_KEY.put(field.nxmKey, field);
    }
  }

  private final String label;
  private final int bits;
  private final Form form;
  private final int oxmKey;
  private final int nxmKey;
  private final String symbol;

  OxmField(String label, int bits, Form form, int oxmKey, String symbol) {
    this(label, bits, form, oxmKey, oxmKey, symbol);
  }

  OxmField(String label, int bits, Form form, int oxmKey, int nxmKey, String symbol) {
    this.label = label;
    this.bits = bits;
    this.form = form;
    this.oxmKey = oxmKey;
    this.nxmKey = nxmKey;
    this.symbol = symbol;
  }

  private static int of(int code) {
    return 0x8000 << 7 | code;
  }

  private static int nxm(int code) {
    return code;
  }

  private static int nx(int code) {
    return 1 << 7 | code;
  }

  private static int pktReg(int code) {
    return 0x8001 << 7 | code;
  }

  private static int ericsson(int code) {
    return 0x1000 << 7 | code;
  }

  /** The field of a header's class and number (the header shifted right by 9), or null. */
  static @org.jspecify.annotations.Nullable OxmField ofKey(int key) {
    return BY_KEY.get(key);
  }

  /** Register number 0..15. */
  public static OxmField reg(int number) {
    if (number < 0 || number > 15) {
      throw new IllegalArgumentException("there is no register " + number);
    }
    return VALUES[REG0.rank() + number];
  }

  /** Its name in a match or set_field, such as {@code eth_src}. */
  public String label() {
    return label;
  }

  /** Its name in a move or stack action, such as {@code NXM_OF_ETH_SRC}. */
  public String symbol() {
    return symbol;
  }

  /** Its width; the value is in that many low bits. */
  public int bits() {
    return bits;
  }

  /** The bytes its value takes on the wire. */
  public int bytes() {
    // Of these, fewer bits are defined than are sent; Open vSwitch answers with the defined ones.
    if (this == CT_STATE || this == TUN_FLAGS) {
      return this == CT_STATE ? 4 : 2;
    }
    return bits <= 16 ? (bits + 7) / 8 : bits <= 32 ? 4 : bits / 8;
  }

  /** Its place in the order of a match. */
  @SuppressWarnings("EnumOrdinal") // the order of declaration is the order of a match
  int rank() {
    return ordinal();
  }

  Form form() {
    return form;
  }

  boolean wide() {
    return bits > 64;
  }

  /** All its bits set, for fields of up to 64 bits. */
  long ones() {
    return bits >= 64 ? -1L : (1L << bits) - 1;
  }

  /** The header in OpenFlow 1.5 messages, without mask. */
  int header() {
    return oxmKey << 9 | bytes();
  }

  /** The header inside Nicira extensions, without mask. */
  int nicira() {
    return nxmKey << 9 | bytes();
  }
}
