package io.fynbos.policy.verdict;

import io.fynbos.policy.model.Service;
import java.util.Map;

/** What a packet carries, as far as rules look at it. */
public sealed interface Transport {
  /** The IP protocol number. */
  int protocol();

  /** What an answer to this carries. */
  Transport reversed();

  /** Whether a rule's service is about this. */
  boolean matches(Service service);

  /** TCP, UDP or SCTP. */
  record Ports(int protocol, int source, int destination) implements Transport {
    public Ports {
      if (!Service.hasPorts(protocol)) {
        throw new IllegalArgumentException("protocol %d has no ports".formatted(protocol));
      }
    }

    @Override
    public Transport reversed() {
      return new Ports(protocol, destination, source);
    }

    @Override
    public boolean matches(Service service) {
      return service instanceof Service.Ports ports
          && ports.protocol() == protocol
          && (ports.ports().isEmpty()
              || ports.ports().stream().anyMatch(range -> range.contains(destination)));
    }

    @Override
    public String toString() {
      String word = protocol == Service.TCP ? "tcp" : protocol == Service.UDP ? "udp" : "sctp";
      return "%s %d → %d".formatted(word, source, destination);
    }
  }

  /** ICMP or ICMPv6. */
  record Icmp(int protocol, int type, int code) implements Transport {
    private static final Map<Integer, Integer> ANSWERS_V4 =
        Map.of(8, 0, 0, 8, 13, 14, 14, 13, 15, 16, 16, 15, 17, 18, 18, 17);
    private static final Map<Integer, Integer> ANSWERS_V6 = Map.of(128, 129, 129, 128);

    public Icmp {
      if (!Service.isIcmp(protocol)) {
        throw new IllegalArgumentException("protocol %d is not ICMP".formatted(protocol));
      }
    }

    @Override
    public Transport reversed() {
      Map<Integer, Integer> answers = protocol == Service.ICMP ? ANSWERS_V4 : ANSWERS_V6;
      return new Icmp(protocol, answers.getOrDefault(type, type), code);
    }

    @Override
    public boolean matches(Service service) {
      return service instanceof Service.Icmp icmp
          && icmp.protocol() == protocol
          && (icmp.type().isEmpty() || icmp.type().getAsInt() == type)
          && (icmp.code().isEmpty() || icmp.code().getAsInt() == code);
    }

    @Override
    public String toString() {
      String word = protocol == Service.ICMP ? "icmp" : "icmpv6";
      return "%s type %d code %d".formatted(word, type, code);
    }
  }

  /** Any other protocol. */
  record Other(int protocol) implements Transport {
    public Other {
      if (Service.hasPorts(protocol) || Service.isIcmp(protocol)) {
        throw new IllegalArgumentException("protocol %d has a form of its own".formatted(protocol));
      }
    }

    @Override
    public Transport reversed() {
      return this;
    }

    @Override
    public boolean matches(Service service) {
      return service instanceof Service.Other && service.protocol() == protocol;
    }

    @Override
    public String toString() {
      return "protocol " + protocol;
    }
  }
}
