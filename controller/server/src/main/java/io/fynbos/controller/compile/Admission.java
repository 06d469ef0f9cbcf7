package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Router;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Prefix;
import java.util.List;
import java.util.function.Consumer;

/**
 * From a guest's port comes only what is that guest's: its MAC with addresses that it has or is
 * allowed. What admits a packet also says whose it is, so nothing without an identity gets further.
 */
final class Admission {
  private static final int NEVER = 1000;
  private static final int OWN_TARGET = 300;
  private static final int SOLICITATION = 200;
  private static final int PACKET = 100;

  private static final Prefix LINK_LOCAL = Prefix.parse("fe80::/10");
  private static final Prefix NOTHING_V6 = Prefix.parse("::/128");
  private static final Prefix NOTHING_V4 = Prefix.parse("0.0.0.0/32");
  private static final IpAddress BROADCAST = IpAddress.parse("255.255.255.255");
  private static final int VLAN_PRESENT = 0x1000;

  private Admission() {}

  static List<FlowEntry> fixed() {
    return List.of(
        // Guests speak untagged Ethernet. A tag would be carried along to the receiver.
        Flow.in(Table.ADMISSION, NEVER).with(OxmField.VLAN_VID, VLAN_PRESENT, VLAN_PRESENT).end(),
        Flow.in(Table.ADMISSION, PACKET)
            .inPort(Router.TUNNEL_PORT)
            .then(new Action.Move(Router.VERDICTS, Flag.verdicts()))
            .goTo(Table.TUNNEL_PEER));
  }

  /** What one endpoint may send by its port. */
  static void of(Attached endpoint, Consumer<FlowEntry> flows) {
    for (IpAddress address : endpoint.addresses()) {
      ownTarget(endpoint, address, flows);
      solicitation(endpoint, address, flows);
      flows.accept(
          from(endpoint, PACKET)
              .ip(address.v6())
              .address(Flow.Address.SOURCE, address)
              .then(endpoint.load())
              .goTo(Table.SERVICE));
    }
    for (Prefix prefix : endpoint.allowed()) {
      allowed(endpoint, prefix, flows);
    }
    linkLocal(endpoint, flows);
  }

  /**
   * What an endpoint may send from addresses that it is allowed. It may ask its neighbours by them,
   * but not for them: that is a question about its own address again. Of a single one, which others
   * may be allowed too, it says by ARP from it, or an advertisement of it, that it has it now.
   */
  private static void allowed(Attached endpoint, Prefix prefix, Consumer<FlowEntry> flows) {
    flows.accept(
        from(endpoint, PACKET)
            .ip(prefix.v6())
            .address(Flow.Address.SOURCE, prefix)
            .then(endpoint.load())
            .goTo(Table.SERVICE));
    if (prefix.v6()) {
      flows.accept(
          from(endpoint, OWN_TARGET)
              .icmp(true, Icmp.NEIGHBOUR_SOLICITATION)
              .with(OxmField.ICMPV6_CODE, 0)
              .address(Flow.Address.SOURCE, prefix)
              .within(OxmField.ND_TARGET, prefix)
              .end());
      flows.accept(neighbourSolicitation(endpoint, prefix));
    } else {
      flows.accept(
          claiming(prefix, arp(endpoint, OWN_TARGET, prefix))
              .within(OxmField.ARP_TPA, prefix)
              .end());
      flows.accept(claiming(prefix, arp(endpoint, SOLICITATION, prefix)).goTo(Table.NEIGHBOURS));
    }
    if (prefix.v6() && prefix.single()) {
      flows.accept(
          from(endpoint, SOLICITATION)
              .icmp(true, Icmp.NEIGHBOUR_ADVERTISEMENT)
              .with(OxmField.ICMPV6_CODE, 0)
              .with(OxmField.IP_TTL, Icmp.NEIGHBOUR_HOP_LIMIT)
              .with(Addresses.exact(OxmField.ND_TARGET, prefix.address()))
              .through(Table.CLAIM)
              .end());
    }
  }

  private static Flow claiming(Prefix prefix, Flow flow) {
    return prefix.single() ? flow.through(Table.CLAIM) : flow;
  }

  private static Flow arp(Attached endpoint, int priority, Prefix sender) {
    return from(endpoint, priority)
        .arp()
        .with(OxmField.ARP_SHA, endpoint.mac().value())
        .within(OxmField.ARP_SPA, sender);
  }

  /**
   * Who asks for its own address looks for a duplicate. An answer would take the address away from
   * it, so the question dies here.
   */
  private static void ownTarget(Attached endpoint, IpAddress address, Consumer<FlowEntry> flows) {
    Flow flow = Flow.in(Table.ADMISSION, OWN_TARGET, endpoint.cookie()).inPort(endpoint.port());
    flows.accept(
        address.v6()
            ? flow.icmp(true, Icmp.NEIGHBOUR_SOLICITATION)
                .with(OxmField.ICMPV6_CODE, 0)
                .with(Addresses.exact(OxmField.ND_TARGET, address))
                .end()
            : flow.arp().with(Addresses.exact(OxmField.ARP_TPA, address)).end());
  }

  private static void solicitation(
      Attached endpoint, IpAddress address, Consumer<FlowEntry> flows) {
    if (address.v6()) {
      flows.accept(neighbourSolicitation(endpoint, Prefix.of(address)));
    } else {
      flows.accept(arp(endpoint, SOLICITATION, Prefix.of(address)).goTo(Table.NEIGHBOURS));
    }
  }

  private static FlowEntry neighbourSolicitation(Attached endpoint, Prefix source) {
    return from(endpoint, SOLICITATION)
        .icmp(true, Icmp.NEIGHBOUR_SOLICITATION)
        .with(OxmField.ICMPV6_CODE, 0)
        .with(OxmField.IP_TTL, Icmp.NEIGHBOUR_HOP_LIMIT)
        .address(Flow.Address.SOURCE, source)
        .goTo(Table.NEIGHBOURS);
  }

  /**
   * Before a guest has an address, and for talking to its router, it uses a link-local one or none.
   * What it may say with those ends at the router.
   */
  private static void linkLocal(Attached endpoint, Consumer<FlowEntry> flows) {
    flows.accept(neighbourSolicitation(endpoint, LINK_LOCAL));
    flows.accept(
        from(endpoint, PACKET)
            .icmp(true, Icmp.ECHO_REQUEST_V6)
            .address(Flow.Address.SOURCE, LINK_LOCAL)
            .address(Flow.Address.DESTINATION, Router.V6)
            .then(endpoint.load())
            .goTo(Table.SERVICE));
    for (Prefix source : List.of(LINK_LOCAL, NOTHING_V6)) {
      flows.accept(
          from(endpoint, PACKET)
              .icmp(true, Icmp.ROUTER_SOLICITATION)
              .address(Flow.Address.SOURCE, source)
              .then(endpoint.load())
              .goTo(Table.SERVICE));
    }
    flows.accept(
        from(endpoint, PACKET)
            .ip(true, Dhcp.UDP)
            .address(Flow.Address.SOURCE, LINK_LOCAL)
            .with(OxmField.UDP_SRC, Dhcp.CLIENT_V6)
            .with(OxmField.UDP_DST, Dhcp.SERVER_V6)
            .then(endpoint.load())
            .goTo(Table.SERVICE));
    flows.accept(
        from(endpoint, PACKET)
            .ip(false, Dhcp.UDP)
            .address(Flow.Address.SOURCE, NOTHING_V4)
            .address(Flow.Address.DESTINATION, BROADCAST)
            .with(OxmField.UDP_SRC, Dhcp.CLIENT_V4)
            .with(OxmField.UDP_DST, Dhcp.SERVER_V4)
            .then(endpoint.load())
            .goTo(Table.SERVICE));
  }

  private static Flow from(Attached endpoint, int priority) {
    return Flow.in(Table.ADMISSION, priority, endpoint.cookie())
        .inPort(endpoint.port())
        .with(OxmField.ETH_SRC, endpoint.mac().value());
  }
}
