package io.fynbos.controller.trace;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.verdict.End;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.verdict.Transport;
import io.fynbos.policy.wire.TraceForm;
import java.util.List;
import java.util.Optional;

/**
 * The packet that somebody asks about, with the endpoints at its ends.
 *
 * @param packet the one that is sent; an answer when an answer was asked for
 */
public record Ends(Packet packet, Optional<Endpoint> sender, Optional<Endpoint> receiver) {

  /** Why there is no such packet. */
  public static final class Unknown extends Exception {
    private static final long serialVersionUID = 1;
    private final String field;
    private final boolean absent;

    private Unknown(String field, boolean absent, String message) {
      super(message, null, false, false);
      this.field = field;
      this.absent = absent;
    }

    /** The field that is at fault. */
    public String field() {
      return field;
    }

    /** Whether it names something that is not there; else it is malformed. */
    public boolean absent() {
      return absent;
    }
  }

  /** Half of a packet: an endpoint, an address, or both. */
  private record Half(Optional<Endpoint> endpoint, Optional<IpAddress> address) {
    Optional<IpAddress> of(boolean v6) {
      return address
          .filter(known -> known.v6() == v6)
          .or(
              () ->
                  address.isPresent()
                      ? Optional.empty()
                      : endpoint.orElseThrow().addresses().stream()
                          .filter(own -> own.v6() == v6)
                          .findFirst());
    }

    End end(boolean v6) {
      IpAddress own = of(v6).orElseThrow();
      return endpoint
          .<End>map(known -> new End.OfEndpoint(known.ref(), own))
          .orElseGet(() -> new End.OfAddress(own));
    }
  }

  /** Finds the ends of what was asked. */
  public static Ends of(Image image, TraceForm.Asked asked) throws Unknown {
    Optional<UniverseName> universe = universe(image, asked);
    Half from = half(image, asked.from(), universe, "from");
    Half to = half(image, asked.to(), universe, "to");
    if (from.endpoint().isEmpty() && to.endpoint().isEmpty()) {
      throw new Unknown(
          "from",
          false,
          universe.isEmpty()
              ? "neither end says in which universe it is; give the universe, or an endpoint"
              : "no endpoint of universe " + universe.get() + " has either address");
    }
    boolean v6 = family(from, to, asked.transport());
    Packet packet = new Packet(from.end(v6), to.end(v6), asked.transport());
    return asked.reply()
        ? new Ends(packet.reversed(), to.endpoint(), from.endpoint())
        : new Ends(packet, from.endpoint(), to.endpoint());
  }

  private static Optional<UniverseName> universe(Image image, TraceForm.Asked asked)
      throws Unknown {
    for (String end : List.of(asked.from(), asked.to())) {
      if (asked.universe().isEmpty() && end.indexOf('/') > 0) {
        return Optional.of(ref(end, asked.from().equals(end) ? "from" : "to").universe());
      }
    }
    Optional<UniverseName> said = asked.universe();
    if (said.isPresent() && !image.universes().containsKey(said.get())) {
      throw new Unknown("universe", true, "there is no " + said.get().sentence());
    }
    return said;
  }

  private static EndpointRef ref(String text, String field) throws Unknown {
    try {
      return EndpointRef.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Unknown(field, false, String.valueOf(e.getMessage()));
    }
  }

  private static Half half(Image image, String text, Optional<UniverseName> universe, String field)
      throws Unknown {
    if (text.indexOf('/') >= 0) {
      EndpointRef ref = ref(text, field);
      Optional<Endpoint> endpoint = image.endpoint(ref);
      if (endpoint.isEmpty()) {
        throw new Unknown(field, true, "there is no " + ref.sentence());
      }
      return new Half(endpoint, Optional.empty());
    }
    IpAddress address;
    try {
      address = IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Unknown(
          field, false, "an end is an endpoint, universe/name, or an address: " + e.getMessage());
    }
    return new Half(
        universe.flatMap(name -> image.endpointAt(name, address)), Optional.of(address));
  }

  private static boolean family(Half from, Half to, Transport transport) throws Unknown {
    boolean first = transport.protocol() == Service.ICMPV6;
    for (boolean v6 : new boolean[] {first, !first}) {
      boolean fits = transport.protocol() != (v6 ? Service.ICMP : Service.ICMPV6);
      if (fits && from.of(v6).isPresent() && to.of(v6).isPresent()) {
        return v6;
      }
    }
    throw new Unknown(
        "to", false, "the ends have no addresses of the same family that carries " + transport);
  }
}
