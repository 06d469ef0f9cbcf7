package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Router;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Oxm;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.Ports;
import io.fynbos.openflow.wire.Subfield;
import java.util.List;

/**
 * The router answers for every address a guest asks for, so each guest is a host route away from
 * all others. The switch answers by itself: it turns the question into the answer and sends it
 * back. Admission lets no guest ask for its own address.
 */
final class Neighbours {
  private static final int ROUTER = 300;
  private static final int LINK_LOCAL = 200;
  private static final int ANYONE = 100;

  private static final int REQUEST = 1;
  private static final int REPLY = 2;
  private static final int TARGET_LINK_LAYER = 2;

  /** Router, solicited and override: the first three bits of an advertisement (RFC 4861 §4.4). */
  private static final long ADVERTISEMENT_FLAGS = 0xE000_0000L;

  private Neighbours() {}

  static List<FlowEntry> fixed() {
    return List.of(
        arpRequest(),
        solicitation(ROUTER)
            .with(Addresses.exact(OxmField.ND_TARGET, Router.V6))
            .then(advertise())
            .through(Table.ADVERTISE)
            .end(),
        // Only the router is on the link. An answer for another link-local address, perhaps the
        // asker's own, would be a duplicate.
        solicitation(LINK_LOCAL).with(linkLocalTarget()).end(),
        solicitation(ANYONE).then(advertise()).through(Table.ADVERTISE).end(),
        // The target link-layer address is a field only once the type says advertisement.
        Flow.in(Table.ADVERTISE, ANYONE)
            .icmp(true, Icmp.NEIGHBOUR_ADVERTISEMENT)
            .with(OxmField.ICMPV6_CODE, 0)
            .set(OxmField.ND_TLL, Router.MAC)
            .then(Action.output(Ports.IN_PORT))
            .end());
  }

  private static Oxm linkLocalTarget() {
    return Oxm.masked(OxmField.ND_TARGET, 0xfe80L << 48, 0, 0xffc0L << 48, 0);
  }

  private static FlowEntry arpRequest() {
    return Flow.in(Table.NEIGHBOURS, ANYONE)
        .arp()
        .with(OxmField.ARP_OP, REQUEST)
        .then(Action.move(OxmField.ETH_SRC, OxmField.ETH_DST))
        .set(OxmField.ETH_SRC, Router.MAC)
        .then(
            Action.set(OxmField.ARP_OP, REPLY),
            Action.move(OxmField.ARP_SHA, OxmField.ARP_THA),
            new Action.Push(Subfield.of(OxmField.ARP_TPA)),
            new Action.Push(Subfield.of(OxmField.ARP_SPA)),
            new Action.Pop(Subfield.of(OxmField.ARP_TPA)),
            new Action.Pop(Subfield.of(OxmField.ARP_SPA)))
        .set(OxmField.ARP_SHA, Router.MAC)
        .then(Action.output(Ports.IN_PORT))
        .end();
  }

  private static Flow solicitation(int priority) {
    return Flow.in(Table.NEIGHBOURS, priority)
        .icmp(true, Icmp.NEIGHBOUR_SOLICITATION)
        .with(OxmField.ICMPV6_CODE, 0);
  }

  private static List<Action> advertise() {
    return List.of(
        Action.move(OxmField.ETH_SRC, OxmField.ETH_DST),
        Action.set(OxmField.ETH_SRC, Router.MAC.value()),
        Action.move(OxmField.IPV6_SRC, OxmField.IPV6_DST),
        Action.move(OxmField.ND_TARGET, OxmField.IPV6_SRC),
        Action.set(OxmField.ICMPV6_TYPE, Icmp.NEIGHBOUR_ADVERTISEMENT),
        Action.set(OxmField.ND_OPTIONS_TYPE, TARGET_LINK_LAYER),
        Action.set(OxmField.ND_RESERVED, ADVERTISEMENT_FLAGS));
  }
}
