package io.fynbos.agent.link;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words that a trace may be asked with. {@code ofproto/trace} takes options among its words,
 * and one of them makes the packet real, so nothing passes that is not known to be harmless: fields
 * by name, values of letters, digits and a few signs, and states of connection tracking.
 */
final class TraceWords {
  /** How many passes through connection tracking a question may tell the outcome of. */
  static final int CT_NEXT_MAX = 8;

  private static final int FLOW_CHARS_MAX = 2_048;
  private static final int FIELDS_MAX = 64;
  private static final Pattern VALUE = Pattern.compile("[0-9A-Za-z.:/_|+-]{1,96}");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final int SHOWN_CHARS_MAX = 40;

  private static final Set<String> PROTOCOLS =
      Set.of("ip", "ipv6", "arp", "icmp", "icmp6", "tcp", "tcp6", "udp", "udp6", "sctp", "sctp6");

  private static final Set<String> FIELDS =
      Set.of(
          "dl_src",
          "dl_dst",
          "dl_type",
          "eth_src",
          "eth_dst",
          "eth_type",
          "nw_src",
          "nw_dst",
          "ip_src",
          "ip_dst",
          "ipv6_src",
          "ipv6_dst",
          "ipv6_label",
          "nw_proto",
          "ip_proto",
          "nw_ttl",
          "nw_tos",
          "ip_dscp",
          "nw_ecn",
          "ip_ecn",
          "ip_frag",
          "tp_src",
          "tp_dst",
          "tcp_src",
          "tcp_dst",
          "udp_src",
          "udp_dst",
          "sctp_src",
          "sctp_dst",
          "tcp_flags",
          "icmp_type",
          "icmp_code",
          "icmpv6_type",
          "icmpv6_code",
          "arp_op",
          "arp_spa",
          "arp_tpa",
          "arp_sha",
          "arp_tha",
          "nd_target",
          "nd_sll",
          "nd_tll",
          "tun_id",
          "tun_src",
          "tun_dst",
          "tun_ipv6_src",
          "tun_ipv6_dst",
          "ct_state",
          "ct_zone",
          "ct_mark",
          "ct_nw_src",
          "ct_nw_dst",
          "ct_nw_proto",
          "ct_tp_src",
          "ct_tp_dst",
          "ct_ipv6_src",
          "ct_ipv6_dst");

  private static final Set<String> STATES =
      Set.of("trk", "new", "est", "rel", "rpl", "inv", "snat", "dnat");

  private TraceWords() {}

  /**
   * Checks a flow expression and gives it back.
   *
   * @throws IllegalArgumentException naming the part that may not be in one
   */
  static String flow(String text) {
    if (text.isEmpty() || text.length() > FLOW_CHARS_MAX) {
      throw new IllegalArgumentException(
          "flow: expected 1 to %d characters, found %d".formatted(FLOW_CHARS_MAX, text.length()));
    }
    List<String> fields = List.of(text.split(",", -1));
    if (fields.size() > FIELDS_MAX) {
      throw new IllegalArgumentException("flow: more than " + FIELDS_MAX + " fields");
    }
    for (String field : fields) {
      if (!harmless(field)) {
        throw new IllegalArgumentException("flow: '" + shown(field) + "' may not be asked");
      }
    }
    return text;
  }

  private static boolean harmless(String field) {
    int equals = field.indexOf('=');
    if (equals < 0) {
      return PROTOCOLS.contains(field);
    }
    String name = field.substring(0, equals);
    String value = field.substring(equals + 1);
    return name.equals("in_port")
        ? PORT.matcher(value).matches()
        : FIELDS.contains(name) && VALUE.matcher(value).matches();
  }

  /**
   * Checks the state that a pass through connection tracking is to give, and gives it back.
   *
   * @throws IllegalArgumentException when it is none
   */
  static String state(String text) {
    List<String> states = List.of(text.split(",", -1));
    if (states.size() > STATES.size() || !STATES.containsAll(states)) {
      throw new IllegalArgumentException(
          "ctNext: '" + shown(text) + "' is no state of a connection");
    }
    return text;
  }

  private static String shown(String text) {
    return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "…";
  }
}
