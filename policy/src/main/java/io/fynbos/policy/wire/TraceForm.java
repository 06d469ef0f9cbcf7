package io.fynbos.policy.wire;

import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.verdict.Transport;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The question what becomes of a packet, as JSON. */
public final class TraceForm {
  /** The port that a packet comes from when nobody says. */
  public static final int SOURCE_PORT = 40_000;

  private static final int ECHO_REQUEST = 8;
  private static final int ECHO_REQUEST_V6 = 128;
  private static final Map<String, Integer> PROTOCOLS =
      Map.of(
          "tcp", Service.TCP,
          "udp", Service.UDP,
          "sctp", Service.SCTP,
          "icmp", Service.ICMP,
          "icmpv6", Service.ICMPV6);
  private static final String SERVICE =
      "a service such as tcp/5432, udp/53, icmp/8, icmpv6/128 or proto/47";
  private static final String END = "an endpoint such as blue/web1, or an IP address";

  private TraceForm() {}

  /**
   * A packet to trace.
   *
   * @param from an endpoint or an address, not looked up yet
   * @param to the same
   * @param universe where the ends are, when neither of them says
   * @param transport of the packet that opens the connection
   * @param reply whether its answer is meant, by one who was let through
   */
  public record Asked(
      String from,
      String to,
      Optional<UniverseName> universe,
      Transport transport,
      boolean reply) {}

  /**
   * Reads {@code {"from", "to", "service", "sourcePort", "reply", "universe"}}, or {@code protocol}
   * with {@code port}, or {@code type} and {@code code}, in place of {@code service}.
   */
  public static Asked read(byte[] bytes) throws WireError {
    Fields fields = new At(Trees.readJson(bytes), "").object();
    String from = fields.required("from", at -> end(at));
    String to = fields.required("to", at -> end(at));
    int source = fields.optional("sourcePort", TraceForm::port).orElse(SOURCE_PORT);
    Transport transport =
        fields.optional("service").isPresent()
            ? fields.required("service", at -> at.parsed(SERVICE, text -> service(text, source)))
            : parts(fields, source);
    Asked asked =
        new Asked(
            from,
            to,
            fields.optional("universe", Values::universe),
            transport,
            fields.optional("reply", At::bool).orElse(false));
    fields.done();
    return asked;
  }

  private static String end(At at) throws WireError {
    String text = at.text();
    if (text.isEmpty()) {
      throw at.badValue(END);
    }
    return text;
  }

  private static Transport parts(Fields fields, int source) throws WireError {
    At at = fields.required("protocol");
    int protocol =
        at.node().isTextual()
            ? at.parsed("tcp, udp, sctp, icmp, icmpv6 or a number", TraceForm::protocol)
            : at.integer(0, Service.PROTOCOL_MAX);
    if (Service.hasPorts(protocol)) {
      return new Transport.Ports(protocol, source, fields.required("port", TraceForm::port));
    }
    if (Service.isIcmp(protocol)) {
      int type = fields.optional("type", t -> t.integer(0, 0xff)).orElse(echo(protocol));
      int code = fields.optional("code", c -> c.integer(0, 0xff)).orElse(0);
      return new Transport.Icmp(protocol, type, code);
    }
    return new Transport.Other(protocol);
  }

  private static int port(At at) throws WireError {
    return at.integer(0, PortRange.PORT_MAX);
  }

  private static int echo(int protocol) {
    return protocol == Service.ICMP ? ECHO_REQUEST : ECHO_REQUEST_V6;
  }

  private static int protocol(String word) {
    Integer protocol = PROTOCOLS.get(word);
    if (protocol == null) {
      throw new IllegalArgumentException("there is no such protocol");
    }
    return protocol;
  }

  /**
   * Reads a service as it is typed: {@code tcp/5432}, {@code icmp/8}, {@code icmp/3/4}, {@code
   * proto/47}.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static Transport service(String text, int sourcePort) {
    String[] parts = text.toLowerCase(Locale.ROOT).split("/", -1);
    if (parts[0].equals("proto") && parts.length == 2) {
      int protocol = number(parts[1], Service.PROTOCOL_MAX, "a protocol's number");
      if (Service.hasPorts(protocol) || Service.isIcmp(protocol)) {
        throw new IllegalArgumentException("protocol " + protocol + " has a name; use that");
      }
      return new Transport.Other(protocol);
    }
    int protocol = protocol(parts[0]);
    if (Service.hasPorts(protocol)) {
      if (parts.length != 2) {
        throw new IllegalArgumentException("it needs one port, as in " + parts[0] + "/443");
      }
      int port = number(parts[1], PortRange.PORT_MAX, "a port");
      return new Transport.Ports(protocol, sourcePort, port);
    }
    if (parts.length > 3) {
      throw new IllegalArgumentException("it has a type and a code, no more");
    }
    OptionalInt type =
        parts.length > 1 ? OptionalInt.of(number(parts[1], 0xff, "a type")) : OptionalInt.empty();
    int code = parts.length > 2 ? number(parts[2], 0xff, "a code") : 0;
    return new Transport.Icmp(protocol, type.orElse(echo(protocol)), code);
  }

  private static int number(String digits, int max, String what) {
    if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > max) {
      throw new IllegalArgumentException(what + " is a number from 0 to " + max);
    }
    return Integer.parseInt(digits);
  }
}
