package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.openflow.wire.CtState;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Oxm;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Parts of a rule as parts of a match. A packet is matched by its connection's original tuple,
 * whichever way it goes itself. ICMP that tracking takes for invalid has no such tuple and is
 * matched by its own fields, and so are the ports of SCTP.
 */
final class Terms {
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86dd;

  /** Has an original tuple. */
  private static final Oxm TRACKED =
      Oxm.masked(OxmField.CT_STATE, CtState.TRK, CtState.TRK | CtState.INV);

  /** Has none, and is ICMP: nothing else that is invalid gets as far as to be judged. */
  private static final Oxm UNTRACKED =
      Oxm.masked(OxmField.CT_STATE, CtState.TRK | CtState.INV, CtState.TRK | CtState.INV);

  private Terms() {}

  static Match identity(Register end, Identity identity) {
    return Match.of(Oxm.of(end.field(), identity.number()));
  }

  static Match universe(UniverseNumber number) {
    return Match.of(Oxm.of(Register.UNIVERSE.field(), number.number()));
  }

  /** The universe that a term is confined to, if it is. */
  static Optional<UniverseNumber> universeOf(Match term) {
    return term.field(Register.UNIVERSE.field())
        .filter(Oxm.Narrow.class::isInstance)
        .map(field -> new UniverseNumber((int) ((Oxm.Narrow) field).value()));
  }

  /** The addresses of a peer. */
  static List<Match> cidr(Direction direction, Peer.Cidr cidr, boolean alsoUntracked) {
    boolean in = direction == Direction.IN;
    Flow.Address tracked = in ? Flow.Address.CLIENT : Flow.Address.SERVER;
    Flow.Address untracked = in ? Flow.Address.SOURCE : Flow.Address.DESTINATION;
    List<Match> terms = new ArrayList<>();
    for (Prefix prefix : cidr.prefix().subtract(cidr.except())) {
      if (prefix.length() == 0) {
        terms.add(Match.of(family(prefix.v6())));
        continue;
      }
      terms.add(Match.of(TRACKED, family(prefix.v6()), tracked.in(prefix)));
      if (alsoUntracked) {
        terms.add(Match.of(UNTRACKED, family(prefix.v6()), untracked.in(prefix)));
      }
    }
    return terms;
  }

  /** Whether packets without an original tuple are among what the services are. */
  static boolean anyUntracked(List<Service> services) {
    return services.isEmpty()
        || services.stream().anyMatch(s -> s instanceof Service.Icmp icmp && untracked(icmp));
  }

  /** Whether some of what it means has no original tuple. */
  private static boolean untracked(Service.Icmp icmp) {
    return !opensConnection(icmp) || icmp.code().isEmpty();
  }

  /**
   * Whether some of what it means opens a connection; with a code other than nought nothing does.
   */
  private static boolean tracked(Service.Icmp icmp) {
    return icmp.type().isEmpty() || opensConnection(icmp);
  }

  private static boolean opensConnection(Service.Icmp icmp) {
    return icmp.type().isPresent()
        && Icmp.opensConnection(icmp.protocol() == Service.ICMPV6, icmp.type().getAsInt())
        && icmp.code().orElse(0) == 0;
  }

  static List<Match> service(Service service) {
    if (service instanceof Service.Ports ports && !ports.ports().isEmpty()) {
      return ports(ports);
    }
    if (service instanceof Service.Icmp icmp) {
      return icmp(icmp);
    }
    return List.of(protocol(service.protocol()));
  }

  private static Match protocol(int protocol) {
    return Match.of(TRACKED, Oxm.of(OxmField.CT_NW_PROTO, protocol));
  }

  private static List<Match> ports(Service.Ports service) {
    List<Match> terms = new ArrayList<>();
    for (PortRange range : merged(service.ports())) {
      for (PortRange.Masked masked : range.masks()) {
        if (masked.mask() == 0) {
          return List.of(protocol(service.protocol()));
        }
        if (service.protocol() == Service.SCTP) {
          Oxm port = Oxm.masked(OxmField.SCTP_DST, masked.value(), masked.mask());
          Oxm protocol = Oxm.of(OxmField.IP_PROTO, Service.SCTP);
          terms.add(Match.of(family(false), protocol, port));
          terms.add(Match.of(family(true), protocol, port));
        } else {
          terms.add(
              Match.of(
                  TRACKED,
                  Oxm.of(OxmField.CT_NW_PROTO, service.protocol()),
                  Oxm.masked(OxmField.CT_TP_DST, masked.value(), masked.mask())));
        }
      }
    }
    return terms;
  }

  /** Ranges that overlap or adjoin as one, since together they may take fewer masks. */
  private static List<PortRange> merged(List<PortRange> ranges) {
    List<PortRange> merged = new ArrayList<>();
    for (PortRange range : ranges.stream().sorted().toList()) {
      PortRange before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (before != null && range.first() <= before.last() + 1) {
        int last = Math.max(before.last(), range.last());
        merged.set(merged.size() - 1, new PortRange(before.first(), last));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }

  /** The tracker keeps an ICMP connection's type and code where others have their ports. */
  private static List<Match> icmp(Service.Icmp service) {
    boolean v6 = service.protocol() == Service.ICMPV6;
    List<Oxm> tracked = new ArrayList<>();
    tracked.add(TRACKED);
    tracked.add(Oxm.of(OxmField.CT_NW_PROTO, service.protocol()));
    List<Oxm> untracked = new ArrayList<>();
    untracked.add(UNTRACKED);
    untracked.add(family(v6));
    untracked.add(Oxm.of(OxmField.IP_PROTO, service.protocol()));
    if (service.type().isPresent()) {
      int type = service.type().getAsInt();
      tracked.add(Oxm.of(OxmField.CT_TP_SRC, type));
      untracked.add(Oxm.of(v6 ? OxmField.ICMPV6_TYPE : OxmField.ICMPV4_TYPE, type));
    }
    if (service.code().isPresent()) {
      int code = service.code().getAsInt();
      tracked.add(Oxm.of(OxmField.CT_TP_DST, code));
      untracked.add(Oxm.of(v6 ? OxmField.ICMPV6_CODE : OxmField.ICMPV4_CODE, code));
    }
    List<Match> terms = new ArrayList<>(2);
    if (tracked(service)) {
      terms.add(new Match(tracked));
    }
    if (untracked(service)) {
      terms.add(new Match(untracked));
    }
    return terms;
  }

  private static Oxm family(boolean v6) {
    return Oxm.of(OxmField.ETH_TYPE, v6 ? IPV6 : IPV4);
  }

  /** Both at once; empty when no packet can be both. */
  static Optional<Match> both(Match one, Match other) {
    if (one.fields().isEmpty()) {
      return Optional.of(other);
    }
    if (other.fields().isEmpty()) {
      return Optional.of(one);
    }
    List<Oxm> fields = new ArrayList<>(one.fields());
    for (Oxm field : other.fields()) {
      Optional<Oxm> same = one.fields().stream().filter(f -> f.rank() == field.rank()).findFirst();
      if (same.isEmpty()) {
        fields.add(field);
      } else if (!same.get().equals(field)) {
        return Optional.empty();
      }
    }
    return Optional.of(new Match(fields));
  }

  /** Every pair of two lists that some packet can be both of. */
  static List<Match> product(List<Match> ones, List<Match> others) {
    List<Match> terms = new ArrayList<>();
    for (Match one : ones) {
      for (Match other : others) {
        both(one, other).ifPresent(terms::add);
      }
    }
    return terms;
  }
}
