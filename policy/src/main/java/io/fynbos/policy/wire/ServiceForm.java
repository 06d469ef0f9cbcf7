package io.fynbos.policy.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Service;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Services as in the rules of a policy's document. */
final class ServiceForm {
  private static final Map<Integer, String> WORDS =
      Map.of(
          Service.TCP, "tcp",
          Service.UDP, "udp",
          Service.SCTP, "sctp",
          Service.ICMP, "icmp",
          Service.ICMPV6, "icmpv6");
  private static final String PROTOCOLS = "tcp, udp, sctp, icmp, icmpv6 or a number from 0 to 255";

  private ServiceForm() {}

  static Service read(At at) throws WireError {
    Fields fields = at.object();
    int protocol = fields.required("protocol", ServiceForm::protocol);
    Optional<At> portsAt = fields.optional("ports");
    Optional<At> typeAt = fields.optional("type");
    Optional<At> codeAt = fields.optional("code");
    fields.done();
    if (portsAt.isPresent() && !Service.hasPorts(protocol)) {
      throw misplaced(portsAt.get(), "ports only with tcp, udp and sctp");
    }
    if (typeAt.isPresent() && !Service.isIcmp(protocol)) {
      throw misplaced(typeAt.get(), "type only with icmp and icmpv6");
    }
    if (codeAt.isPresent() && !Service.isIcmp(protocol)) {
      throw misplaced(codeAt.get(), "code only with icmp and icmpv6");
    }
    if (codeAt.isPresent() && typeAt.isEmpty()) {
      throw misplaced(codeAt.get(), "a code only with its type");
    }
    if (portsAt.isPresent()) {
      Set<PortRange> seen = new HashSet<>();
      List<PortRange> ports =
          fields.listNotEmpty(
              "ports",
              Service.Ports.RANGES_MAX,
              "leave ports out to mean all ports",
              element -> Values.once(element, port(element), seen));
      return new Service.Ports(protocol, ports);
    }
    if (typeAt.isPresent()) {
      return new Service.Icmp(protocol, octet(typeAt), octet(codeAt));
    }
    return Service.all(protocol);
  }

  private static WireError misplaced(At at, String expected) {
    return new WireError(WireError.Fault.UNKNOWN_FIELD, at.path(), expected, at.show());
  }

  private static OptionalInt octet(Optional<At> at) throws WireError {
    return at.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(at.get().integer(0, Service.Icmp.TYPE_MAX));
  }

  private static int protocol(At at) throws WireError {
    if (at.node().isTextual()) {
      for (Map.Entry<Integer, String> word : WORDS.entrySet()) {
        if (word.getValue().equals(at.text())) {
          return word.getKey();
        }
      }
      throw at.badValue(PROTOCOLS);
    }
    if (!at.node().isIntegralNumber()) {
      throw at.wrongType(PROTOCOLS);
    }
    return at.integer(0, Service.PROTOCOL_MAX);
  }

  private static PortRange port(At at) throws WireError {
    if (at.node().isIntegralNumber()) {
      return PortRange.of(at.integer(0, PortRange.PORT_MAX));
    }
    return at.parsed("a port or a range of ports from 0 to 65535", PortRange::parse);
  }

  static ObjectNode write(Service service) {
    ObjectNode node = Tree.object();
    String word = WORDS.get(service.protocol());
    if (word == null) {
      node.put("protocol", service.protocol());
    } else {
      node.put("protocol", word);
    }
    if (service instanceof Service.Ports ports && !ports.ports().isEmpty()) {
      node.set("ports", Tree.texts(ports.ports()));
    }
    if (service instanceof Service.Icmp icmp) {
      icmp.type().ifPresent(type -> node.put("type", type));
      icmp.code().ifPresent(code -> node.put("code", code));
    }
    return node;
  }
}
