package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.UniverseNumber;

/**
 * What comes by a tunnel is believed only when a host of the fabric sent it, and only for
 * identities of universes that have an endpoint here. The key says who sent it, so addresses may
 * overlap.
 */
final class Tunnels {
  private static final int KNOWN = 100;

  private Tunnels() {}

  /** Another host. */
  static FlowEntry peer(Host host) {
    IpAddress underlay = host.underlay();
    return Flow.in(Table.TUNNEL_PEER, KNOWN, new Cookie(Cookie.Kind.HOST, underlay.low()))
        .with(Addresses.exact(OxmField.TUN_SRC, underlay))
        .goTo(Table.TUNNEL_IDENTITY);
  }

  /** An identity that other hosts may send. */
  static FlowEntry identity(Identity identity, UniverseNumber universe) {
    return Flow.in(
            Table.TUNNEL_IDENTITY, KNOWN, new Cookie(Cookie.Kind.IDENTITY, identity.number()))
        .with(OxmField.TUN_ID, identity.number())
        .then(Register.SENDER.set(identity.number()), Register.UNIVERSE.set(universe.number()))
        .goTo(Table.CONNTRACK);
  }
}
