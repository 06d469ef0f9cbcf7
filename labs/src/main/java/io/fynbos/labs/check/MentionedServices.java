package io.fynbos.labs.check;

import io.fynbos.labs.net.Segment;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Service;
import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The services worth probing for some policies: each that they mention, with the ports at both
 * edges of every range and those just outside, and one TCP and one UDP port that none mentions.
 */
final class MentionedServices {
  /**
   * ICMP requests, which conntrack takes as the beginning of something, and the types it does not
   * track. Errors and answers mean nothing on their own, and those of neighbour discovery never
   * leave the guest's own wire.
   */
  private static final Set<Integer> PROBED_V4 = Set.of(8, 9, 10, 13, 15, 17);

  private static final Set<Integer> PROBED_V6 = Set.of(128);
  private static final int FIRST_UNMENTIONED = 31_337;

  private final SortedSet<ProbeService> services = new TreeSet<>();
  private final SortedSet<PortRange> ranges = new TreeSet<>();

  private MentionedServices() {}

  static SortedSet<ProbeService> of(Collection<Policy> policies) {
    MentionedServices mentioned = new MentionedServices();
    for (Policy policy : policies) {
      policy.rules().forEach(rule -> rule.services().forEach(mentioned::add));
    }
    int port = mentioned.unmentionedPort();
    mentioned.services.add(new ProbeService(Segment.TCP, port, 0));
    mentioned.services.add(new ProbeService(Segment.UDP, port, 0));
    mentioned.services.add(new ProbeService(Segment.ICMP, ProbeService.ECHO_V4, 0));
    mentioned.services.add(new ProbeService(Segment.ICMPV6, ProbeService.ECHO_V6, 0));
    return mentioned.services;
  }

  private void add(Service service) {
    if (service instanceof Service.Ports ports) {
      ports.ports().forEach(range -> add(ports.protocol(), range));
      if (ports.ports().isEmpty()) {
        services.add(new ProbeService(ports.protocol(), FIRST_UNMENTIONED, 0));
      }
    } else if (service instanceof Service.Icmp icmp) {
      boolean v6 = icmp.protocol() == Segment.ICMPV6;
      int type = icmp.type().orElse(v6 ? ProbeService.ECHO_V6 : ProbeService.ECHO_V4);
      if ((v6 ? PROBED_V6 : PROBED_V4).contains(type)) {
        services.add(new ProbeService(icmp.protocol(), type, icmp.code().orElse(0)));
      }
    } else {
      services.add(new ProbeService(service.protocol(), 0, 0));
    }
  }

  private void add(int protocol, PortRange range) {
    ranges.add(range);
    for (int port : new int[] {range.first() - 1, range.first(), range.last(), range.last() + 1}) {
      if (port >= 1 && port <= PortRange.PORT_MAX) {
        services.add(new ProbeService(protocol, port, 0));
      }
    }
  }

  /** Below where probes have their source ports, so that no probe looks like an answer. */
  private int unmentionedPort() {
    int port = FIRST_UNMENTIONED;
    while (mentions(port) && port > 1) {
      port--;
    }
    return port;
  }

  private boolean mentions(int port) {
    return ranges.stream().anyMatch(range -> range.contains(port));
  }
}
