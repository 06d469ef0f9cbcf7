package io.fynbos.openflow.wire;

import static io.fynbos.openflow.wire.OxmField.*;

import java.util.List;
import java.util.Map;

/** A match in the order and words of Open vSwitch's match_format (lib/match.c). */
final class MatchText {
  private static final long EXACT = -1;

  private static final Map<Long, String> ETHERNET =
      Map.of(
          0x0800L, "ip",
          0x86ddL, "ipv6",
          0x0806L, "arp",
          0x8035L, "rarp",
          0x8847L, "mpls",
          0x8848L, "mplsm");
  private static final Map<Long, String> IPV4 =
      Map.of(1L, "icmp", 6L, "tcp", 17L, "udp", 132L, "sctp");
  private static final Map<Long, String> IPV6 =
      Map.of(58L, "icmp6", 6L, "tcp6", 17L, "udp6", 132L, "sctp6");

  private static final List<OxmField> BEFORE_TYPE =
      List.of(
          PACKET_TYPE,
          PKT_MARK,
          RECIRC_ID,
          CONJ_ID,
          ACTSET_OUTPUT,
          CT_STATE,
          CT_ZONE,
          CT_MARK,
          CT_LABEL,
          CT_NW_SRC,
          CT_IPV6_SRC,
          CT_NW_DST,
          CT_IPV6_DST,
          CT_NW_PROTO,
          CT_TP_SRC,
          CT_TP_DST);
  private static final List<OxmField> AFTER_TYPE =
      List.of(
          REG0,
          REG1,
          REG2,
          REG3,
          REG4,
          REG5,
          REG6,
          REG7,
          REG8,
          REG9,
          REG10,
          REG11,
          REG12,
          REG13,
          REG14,
          REG15,
          TUN_ID,
          TUN_SRC,
          TUN_DST,
          TUN_IPV6_SRC,
          TUN_IPV6_DST,
          TUN_FLAGS,
          METADATA,
          IN_PORT);
  private static final List<OxmField> ADDRESSES =
      List.of(IPV6_SRC, IPV6_DST, IPV6_LABEL, ARP_SPA, ARP_TPA, IPV4_SRC, IPV4_DST);
  private static final List<OxmField> AFTER_PROTOCOL =
      List.of(
          ARP_SHA,
          ARP_THA,
          IP_DSCP,
          IP_ECN,
          IP_TTL,
          MPLS_LABEL,
          MPLS_TC,
          MPLS_TTL,
          MPLS_BOS,
          IP_FRAG,
          ICMPV4_TYPE,
          ICMPV4_CODE,
          ICMPV6_TYPE,
          ICMPV6_CODE,
          ND_TARGET,
          ND_SLL,
          ND_TLL,
          ND_RESERVED,
          ND_OPTIONS_TYPE,
          TCP_SRC,
          TCP_DST,
          UDP_SRC,
          UDP_DST,
          SCTP_SRC,
          SCTP_DST,
          TCP_FLAGS);

  private final Oxm[] known = new Oxm[OxmField.values().length];
  private final StringBuilder out = new StringBuilder();

  private MatchText() {}

  static String text(Match match) {
    MatchText text = new MatchText();
    for (Oxm oxm : match.fields()) {
      if (!(oxm instanceof Oxm.Unknown)) {
        text.known[oxm.rank()] = oxm;
      }
    }
    text.write();
    for (Oxm oxm : match.fields()) {
      if (oxm instanceof Oxm.Unknown) {
        text.put(oxm.toString());
      }
    }
    return text.out.toString();
  }

  private void write() {
    putAll(BEFORE_TYPE);
    long type = exact(ETH_TYPE);
    long protocol = exact(IP_PROTO);
    Map<Long, String> protocols = type == 0x0800 ? IPV4 : type == 0x86dd ? IPV6 : Map.of();
    String shortProtocol = protocols.get(protocol);
    String shortType = ETHERNET.get(type);
    if (shortProtocol != null) {
      put(shortProtocol);
    } else if (shortType != null) {
      put(shortType);
    }
    putAll(AFTER_TYPE);
    putVlan();
    putAs("dl_src", ETH_SRC);
    putAs("dl_dst", ETH_DST);
    if (shortType == null && type != EXACT) {
      put("dl_type=0x%04x".formatted(type));
    }
    putAll(ADDRESSES);
    if (shortProtocol == null) {
      putAll(List.of(IP_PROTO, ARP_OP));
    }
    putAll(AFTER_PROTOCOL);
  }

  private long exact(OxmField field) {
    return known[field.rank()] instanceof Oxm.Narrow oxm && oxm.exact() ? oxm.value() : EXACT;
  }

  private void put(String item) {
    if (!out.isEmpty()) {
      out.append(',');
    }
    out.append(item);
  }

  private void putAs(String label, OxmField field) {
    Oxm oxm = known[field.rank()];
    if (oxm != null) {
      put(label + "=" + oxm.valueText());
    }
  }

  private void putAll(List<OxmField> fields) {
    for (OxmField field : fields) {
      Oxm oxm = known[field.rank()];
      if (oxm instanceof Oxm.Narrow narrow) {
        put(field, narrow);
      } else if (oxm != null) {
        put(field.label() + "=" + oxm.valueText());
      }
    }
  }

  private void put(OxmField field, Oxm.Narrow oxm) {
    switch (field) {
      case IPV4_SRC -> putAs("nw_src", field);
      case IPV4_DST -> putAs("nw_dst", field);
      case ICMPV6_TYPE -> putAs("icmp_type", field);
      case ICMPV6_CODE -> putAs("icmp_code", field);
      case IP_FRAG -> putAs("nw_frag", field);
      case CT_ZONE -> put("ct_zone=" + hexIfMasked(oxm));
      case IPV6_LABEL ->
          put(
              "ipv6_label=0x%05x".formatted(oxm.value())
                  + (oxm.exact() ? "" : "/0x%05x".formatted(oxm.mask())));
      case IP_DSCP -> put("nw_tos=" + oxm.value() * 4);
      case TCP_SRC, UDP_SRC, SCTP_SRC -> put("tp_src=" + hexIfMasked(oxm));
      case TCP_DST, UDP_DST, SCTP_DST -> put("tp_dst=" + hexIfMasked(oxm));
      case CT_TP_SRC, CT_TP_DST, ND_RESERVED -> put(field.label() + "=" + hexIfMasked(oxm));
      default -> put(field.label() + "=" + oxm.valueText());
    }
  }

  private static String hexIfMasked(Oxm.Narrow oxm) {
    return oxm.exact()
        ? Long.toString(oxm.value())
        : "0x%x/0x%x".formatted(oxm.value(), oxm.mask());
  }

  private void putVlan() {
    if (!(known[VLAN_VID.rank()] instanceof Oxm.Narrow vid)) {
      return;
    }
    Oxm pcp = known[VLAN_PCP.rank()];
    long tci = vid.value();
    long mask = vid.mask();
    if (pcp instanceof Oxm.Narrow priority) {
      tci |= priority.value() << 13;
      mask |= priority.mask() << 13;
    }
    boolean wholeVid = (mask & 0xfff) == 0xfff;
    boolean noVid = (mask & 0xfff) == 0;
    boolean wholePcp = (mask & 0xe000) == 0xe000;
    boolean tagged = (mask & tci & 0x1000) != 0;
    if (tagged && (wholeVid || noVid) && (wholePcp || pcp == null) && (wholeVid || wholePcp)) {
      if (wholeVid) {
        put("dl_vlan=" + (tci & 0xfff));
      }
      if (wholePcp) {
        put("dl_vlan_pcp=" + (tci >> 13));
      }
    } else {
      put("vlan_tci=0x%04x/0x%04x".formatted(tci, mask));
    }
  }
}
