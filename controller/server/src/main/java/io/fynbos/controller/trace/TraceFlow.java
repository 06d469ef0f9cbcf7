package io.fynbos.controller.trace;

import io.fynbos.controller.pipeline.Router;
import io.fynbos.controller.reconcile.Question;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.verdict.Transport;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A packet as {@code ofproto/trace} takes it, with the original tuple that connection tracking
 * would find for it (ovs-fields(7)).
 */
final class TraceFlow {

  private static final int TTL = 64;

  /** Each packet is tracked, and the first of a connection once more when it is committed. */
  private static final int TRACKED_MAX = 2;

  /** Requests that open a connection: echo, timestamp, information, and echo in ICMPv6. */
  private static final Map<Integer, Set<Integer>> OPENING =
      Map.of(Service.ICMP, Set.of(8, 13, 15), Service.ICMPV6, Set.of(128));

  private TraceFlow() {}

  /** The packet as it comes out of its sender's port. */
  static Question.Trace fromGuest(Packet packet, boolean reply, int ofport, Mac mac) {
    return question("in_port=" + ofport, mac, packet, reply);
  }

  /** The packet as it comes out of the tunnel from its sender's host. */
  static Question.Trace fromTunnel(
      Packet packet, boolean reply, IpAddress host, IpAddress here, int identity) {
    String port =
        "in_port=%d,tun_src=%s,tun_dst=%s,tun_id=%d"
            .formatted(Router.TUNNEL_PORT, host, here, identity);
    return question(port, Router.MAC, packet, reply);
  }

  private static Question.Trace question(String port, Mac mac, Packet packet, boolean reply) {
    StringJoiner text = new StringJoiner(",").add(port);
    text.add("dl_src=" + mac).add("dl_dst=" + Router.MAC);
    boolean v6 = packet.from().address().v6();
    text.add(keyword(packet.transport(), v6));
    text.add((v6 ? "ipv6_src=" : "nw_src=") + packet.from().address());
    text.add((v6 ? "ipv6_dst=" : "nw_dst=") + packet.to().address());
    text.add("nw_ttl=" + TTL);
    transport(packet.transport(), v6, reply, text);
    String state = state(packet, reply);
    text.add("ct_state=" + state.replace(',', '|'));
    if (!state.contains("inv")) {
      original(reply ? packet.reversed() : packet, v6, text);
    }
    return new Question.Trace(text.toString(), Collections.nCopies(TRACKED_MAX, state));
  }

  private static String keyword(Transport transport, boolean v6) {
    String suffix = v6 ? "6" : "";
    return switch (transport.protocol()) {
      case Service.TCP -> "tcp" + suffix;
      case Service.UDP -> "udp" + suffix;
      case Service.SCTP -> "sctp" + suffix;
      case Service.ICMP -> v6 ? "ipv6,nw_proto=1" : "icmp";
      case Service.ICMPV6 -> v6 ? "icmp6" : "ip,nw_proto=58";
      default -> (v6 ? "ipv6" : "ip") + ",nw_proto=" + transport.protocol();
    };
  }

  private static void transport(Transport transport, boolean v6, boolean reply, StringJoiner text) {
    if (transport instanceof Transport.Ports ports) {
      String word = keyword(transport, false);
      text.add(word + "_src=" + ports.source()).add(word + "_dst=" + ports.destination());
      if (transport.protocol() == Service.TCP) {
        text.add(reply ? "tcp_flags=syn|ack" : "tcp_flags=syn");
      }
    } else if (transport instanceof Transport.Icmp icmp && ofFamily(icmp, v6)) {
      text.add((v6 ? "icmpv6_type=" : "icmp_type=") + icmp.type());
      text.add((v6 ? "icmpv6_code=" : "icmp_code=") + icmp.code());
    }
  }

  private static boolean ofFamily(Transport.Icmp icmp, boolean v6) {
    return v6 == (icmp.protocol() == Service.ICMPV6);
  }

  /** What tracking finds: see the tracking table for what SCTP and odd ICMP types mean. */
  private static String state(Packet packet, boolean reply) {
    if (packet.transport() instanceof Transport.Icmp icmp) {
      int opening = reply ? ((Transport.Icmp) icmp.reversed()).type() : icmp.type();
      boolean opens = OPENING.getOrDefault(icmp.protocol(), Set.of()).contains(opening);
      if (!opens || icmp.code() != 0) {
        return "trk,inv";
      }
    }
    return reply && packet.transport().protocol() != Service.SCTP ? "trk,est,rpl" : "trk,new";
  }

  private static void original(Packet first, boolean v6, StringJoiner text) {
    text.add((v6 ? "ct_ipv6_src=" : "ct_nw_src=") + first.from().address());
    text.add((v6 ? "ct_ipv6_dst=" : "ct_nw_dst=") + first.to().address());
    text.add("ct_nw_proto=" + first.transport().protocol());
    if (first.transport() instanceof Transport.Ports ports) {
      text.add("ct_tp_src=" + ports.source()).add("ct_tp_dst=" + ports.destination());
    } else if (first.transport() instanceof Transport.Icmp icmp) {
      text.add("ct_tp_src=" + icmp.type()).add("ct_tp_dst=" + icmp.code());
    }
  }
}
