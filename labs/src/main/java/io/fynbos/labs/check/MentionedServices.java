package io.fynbos.labs.check;

import io.fynbos.labs.net.Segment;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Service;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The services worth probing for some policies: each that they mention, with what lies just outside
 * it, and of every kind one that none mentions.
 */
public final class MentionedServices {
  private static final int FIRST_UNMENTIONED = 31_337;

  /** RFC 3692 §2.1: nobody else sends these two. */
  private static final int[] EXPERIMENTAL_PROTOCOLS = {253, 254};

  private static final int ROUTER_SOLICITATION = 133;
  private static final int REDIRECT_V6 = 137;

  private final SortedSet<ProbeService> services = new TreeSet<>();
  private final SortedSet<PortRange> ranges = new TreeSet<>();

  private MentionedServices() {}

  /** Those that these policies mention, and the ones beside them. */
  public static SortedSet<ProbeService> of(Collection<Policy> policies) {
    MentionedServices mentioned = new MentionedServices();
    for (Policy policy : policies) {
      policy.rules().forEach(rule -> rule.services().forEach(mentioned::add));
    }
    int port = mentioned.unmentionedPort();
    mentioned.services.add(new ProbeService(Segment.TCP, port, 0));
    mentioned.services.add(new ProbeService(Segment.UDP, port, 0));
    mentioned.services.add(new ProbeService(Segment.SCTP, port, 0));
    mentioned.services.add(new ProbeService(Segment.ICMP, ProbeService.ECHO_V4, 0));
    mentioned.services.add(new ProbeService(Segment.ICMPV6, ProbeService.ECHO_V6, 0));
    mentioned.addUnmentioned(Segment.ICMP, IntStream.of(13, 15, 17, 42));
    mentioned.addUnmentioned(Segment.ICMPV6, IntStream.of(139, 144, 150, 200));
    for (int protocol : EXPERIMENTAL_PROTOCOLS) {
      if (mentioned.services.add(new ProbeService(protocol, 0, 0))) {
        break;
      }
    }
    return mentioned.services;
  }

  private void add(Service service) {
    if (service instanceof Service.Ports ports) {
      ports.ports().forEach(range -> add(ports.protocol(), range));
      if (ports.ports().isEmpty()) {
        services.add(new ProbeService(ports.protocol(), FIRST_UNMENTIONED, 0));
      }
    } else if (service instanceof Service.Icmp icmp) {
      add(icmp);
    } else {
      services.add(new ProbeService(service.protocol(), 0, 0));
    }
  }

  /** The type with its code and the next one; without a code, with two that may both pass. */
  private void add(Service.Icmp icmp) {
    boolean v6 = icmp.protocol() == Segment.ICMPV6;
    int type = icmp.type().orElse(v6 ? ProbeService.ECHO_V6 : ProbeService.ECHO_V4);
    if (v6 && ofTheLink(type)) {
      return;
    }
    int code = icmp.code().orElse(0);
    services.add(new ProbeService(icmp.protocol(), type, code));
    services.add(new ProbeService(icmp.protocol(), type, (code + 1) & 0xff));
  }

  /** What routers and neighbours say to each other never leaves the guest's own wire. */
  private static boolean ofTheLink(int type) {
    return type >= ROUTER_SOLICITATION && type <= REDIRECT_V6;
  }

  private void addUnmentioned(int protocol, IntStream types) {
    OptionalInt type =
        types
            .filter(
                each ->
                    services.stream()
                        .noneMatch(
                            service -> service.protocol() == protocol && service.detail() == each))
            .findFirst();
    type.ifPresent(free -> services.add(new ProbeService(protocol, free, 0)));
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
