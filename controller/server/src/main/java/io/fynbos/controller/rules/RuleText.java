package io.fynbos.controller.rules;

import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Service;
import java.util.ArrayList;
import java.util.List;

/** A rule in a few words: {@code allow in from group web on tcp/5432}. */
public final class RuleText {

  /** Peers or services that are named; of more, only how many there are. */
  private static final int NAMED_MAX = 4;

  private RuleText() {}

  /** The rule in a few words. */
  public static String of(Rule rule) {
    String between = rule.direction() == Direction.IN ? " from " : " to ";
    StringBuilder text = new StringBuilder();
    text.append(rule.action()).append(' ').append(rule.direction());
    text.append(between).append(peers(rule.peers()));
    if (!rule.services().isEmpty()) {
      text.append(" on ").append(listed(rule.services().stream().map(RuleText::service).toList()));
    }
    return text.toString();
  }

  private static String peers(List<Peer> peers) {
    return peers.isEmpty() ? "anyone" : listed(peers.stream().map(RuleText::peer).toList());
  }

  private static String peer(Peer peer) {
    if (peer instanceof Peer.Group group) {
      return "group " + group.group();
    }
    Peer.Cidr cidr = (Peer.Cidr) peer;
    return cidr.except().isEmpty()
        ? cidr.prefix().toString()
        : cidr.prefix() + " except " + joined(cidr.except());
  }

  /** A service as the command line takes it: {@code tcp/5432}, {@code icmp/8}, {@code proto/47}. */
  static String service(Service service) {
    String protocol = protocol(service.protocol());
    if (service instanceof Service.Ports ports) {
      return ports.ports().isEmpty() ? protocol : protocol + "/" + joined(ports.ports());
    }
    if (service instanceof Service.Icmp icmp) {
      List<String> parts = new ArrayList<>(List.of(protocol));
      icmp.type().ifPresent(type -> parts.add(Integer.toString(type)));
      icmp.code().ifPresent(code -> parts.add(Integer.toString(code)));
      return String.join("/", parts);
    }
    return protocol;
  }

  /** The name of a protocol, or {@code proto/47}. */
  public static String protocol(int protocol) {
    return switch (protocol) {
      case Service.TCP -> "tcp";
      case Service.UDP -> "udp";
      case Service.SCTP -> "sctp";
      case Service.ICMP -> "icmp";
      case Service.ICMPV6 -> "icmpv6";
      default -> "proto/" + protocol;
    };
  }

  private static String joined(List<?> parts) {
    return shortened(",", parts.stream().map(Object::toString).toList());
  }

  private static String listed(List<String> parts) {
    return shortened(", ", parts);
  }

  private static String shortened(String between, List<String> parts) {
    return parts.size() <= NAMED_MAX
        ? String.join(between, parts)
        : String.join(between, parts.subList(0, NAMED_MAX - 1))
            + " and "
            + (parts.size() - NAMED_MAX + 1)
            + " more";
  }
}
