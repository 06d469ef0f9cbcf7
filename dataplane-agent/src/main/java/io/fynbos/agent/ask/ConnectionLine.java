package io.fynbos.agent.ask;

import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.report.TrackedConnection;
import io.fynbos.policy.verdict.Transport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One line of {@code dpctl/dump-conntrack}, {@code ovs-dpctl(8)}: what Open vSwitch's {@code
 * ct_dpif_format_entry} writes, of its own tracker and of the kernel's alike.
 *
 * <p>{@code tcp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=4,dport=5),reply=(…),zone=18,protoinfo=(…)}
 */
final class ConnectionLine {
  private static final Map<String, Integer> PROTOCOLS =
      Map.of(
          "icmp", Service.ICMP,
          "igmp", 2,
          "tcp", 6,
          "udp", 17,
          "dccp", 33,
          "icmpv6", Service.ICMPV6,
          "sctp", 132,
          "udplite", 136);

  private ConnectionLine() {}

  /** Reads a line; empty when it is none of a connection. */
  static Optional<TrackedConnection> parse(String line) {
    try {
      int comma = line.indexOf(',');
      if (comma < 0) {
        return Optional.empty();
      }
      Optional<Integer> protocol = protocol(line.substring(0, comma));
      Map<String, String> original = parenthesised(line, ",orig=(");
      if (protocol.isEmpty() || !original.keySet().containsAll(List.of("src", "dst"))) {
        return Optional.empty();
      }
      return Optional.of(
          new TrackedConnection(
              zone(line),
              IpAddress.parse(original.getOrDefault("src", "")),
              IpAddress.parse(original.getOrDefault("dst", "")),
              transport(protocol.get(), original)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What has no ports here, such as SCTP in userspace, has them as 0. */
  private static Transport transport(int protocol, Map<String, String> original) {
    if (Service.hasPorts(protocol)) {
      return new Transport.Ports(protocol, number(original, "sport"), number(original, "dport"));
    }
    return Service.isIcmp(protocol)
        ? new Transport.Icmp(protocol, number(original, "type"), number(original, "code"))
        : new Transport.Other(protocol);
  }

  private static Optional<Integer> protocol(String text) {
    if (PROTOCOLS.containsKey(text)) {
      return Optional.ofNullable(PROTOCOLS.get(text));
    }
    return text.matches("[0-9]{1,3}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
  }

  private static Map<String, String> parenthesised(String line, String opening) {
    int from = line.indexOf(opening);
    int to = line.indexOf(')', Math.max(0, from));
    Map<String, String> values = new HashMap<>();
    if (from >= 0 && to >= 0) {
      for (String pair : line.substring(from + opening.length(), to).split(",", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          values.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
      }
    }
    return values;
  }

  /** Zone 0 is not written. */
  private static int zone(String line) {
    int from = line.indexOf(",zone=");
    if (from < 0) {
      return 0;
    }
    int start = from + ",zone=".length();
    int end = start;
    while (end < line.length() && Character.isDigit(line.charAt(end))) {
      end++;
    }
    return Integer.parseInt(line, start, end, 10);
  }

  private static int number(Map<String, String> values, String name) {
    return Integer.parseInt(values.getOrDefault(name, "0"));
  }
}
