package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Router;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.Ports;
import io.fynbos.openflow.wire.Subfield;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.ServiceAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What a guest says to its link and not to another guest ends here: the router answers a ping, and
 * the rest of the link's addresses lead nowhere. Guests are neither routers nor DHCP servers. What
 * goes to the fabric's own services is tracked and judged as everything else, by the guardrails
 * alone; a ping that they let through is answered in the service's place.
 */
final class ServiceAddresses {
  private static final int ROUTER = 300;
  private static final int SERVICES = 250;
  private static final int ROUTED = 400;
  private static final int LINK = 200;
  private static final int SERVERS = 100;
  private static final int REPLY_TTL = 64;

  /** Link-local, then multicast, reserved and broadcast. */
  private static final List<Prefix> LINK_DESTINATIONS =
      List.of(
          Prefix.parse("169.254.0.0/16"),
          Prefix.parse("224.0.0.0/3"),
          Prefix.parse("fe80::/10"),
          Prefix.parse("ff00::/8"));

  /** Link-local, and the unspecified address that asks for a configuration. */
  private static final List<Prefix> LINK_SOURCES =
      List.of(Prefix.parse("0.0.0.0/32"), Prefix.parse("::/128"), Prefix.parse("fe80::/10"));

  private ServiceAddresses() {}

  static List<FlowEntry> fixed() {
    List<FlowEntry> flows = new ArrayList<>();
    for (IpAddress router : List.of(Router.V4, Router.V6)) {
      Flow ping = Flow.in(Table.SERVICE, ROUTER).address(Flow.Address.DESTINATION, router);
      flows.add(echoed(ping, router.v6()));
    }
    for (ServiceAddress service : ServiceAddress.values()) {
      flows.addAll(to(service));
    }
    flows.add(Flow.in(Table.ROUTE, ROUTED).is(Flag.TO_SERVICE).goTo(Table.ORIENT));
    for (boolean v6 : new boolean[] {false, true}) {
      flows.add(echoed(Flow.in(Table.OUTPUT, ROUTER).is(Flag.TO_SERVICE), v6));
    }
    flows.add(Flow.in(Table.OUTPUT, SERVICES).is(Flag.TO_SERVICE).end());
    for (Prefix prefix : LINK_DESTINATIONS) {
      flows.add(
          Flow.in(Table.SERVICE, LINK)
              .ip(prefix.v6())
              .address(Flow.Address.DESTINATION, prefix)
              .end());
    }
    for (Prefix prefix : LINK_SOURCES) {
      flows.add(
          Flow.in(Table.SERVICE, LINK).ip(prefix.v6()).address(Flow.Address.SOURCE, prefix).end());
    }
    for (int type = Icmp.ROUTER_SOLICITATION; type <= Icmp.REDIRECT_V6; type++) {
      flows.add(Flow.in(Table.SERVICE, SERVERS).icmp(true, type).end());
    }
    flows.add(dhcpServer(false, Dhcp.SERVER_V4, Dhcp.CLIENT_V4));
    flows.add(dhcpServer(true, Dhcp.SERVER_V6, Dhcp.CLIENT_V6));
    flows.add(Flow.onMiss(Table.SERVICE));
    return flows;
  }

  private static List<FlowEntry> to(ServiceAddress service) {
    List<FlowEntry> flows = new ArrayList<>();
    for (IpAddress address : service.addresses()) {
      boolean v6 = address.v6();
      for (int protocol :
          new int[] {Service.TCP, Service.UDP, v6 ? Service.ICMPV6 : Service.ICMP}) {
        flows.add(
            Flow.in(Table.SERVICE, SERVICES)
                .ip(v6, protocol)
                .address(Flow.Address.DESTINATION, address)
                .is(Flag.FROM_GUEST)
                .then(Flag.set(Flag.TO_SERVICE))
                .goTo(Table.CONNTRACK));
      }
    }
    return flows;
  }

  /** Turns an echo request into its reply, and sends it back. */
  private static FlowEntry echoed(Flow to, boolean v6) {
    OxmField source = v6 ? OxmField.IPV6_SRC : OxmField.IPV4_SRC;
    OxmField destination = v6 ? OxmField.IPV6_DST : OxmField.IPV4_DST;
    int reply = v6 ? Icmp.ECHO_REPLY_V6 : Icmp.ECHO_REPLY_V4;
    return to.icmp(v6, v6 ? Icmp.ECHO_REQUEST_V6 : Icmp.ECHO_REQUEST_V4)
        .with(v6 ? OxmField.ICMPV6_CODE : OxmField.ICMPV4_CODE, 0)
        .then(Action.move(OxmField.ETH_SRC, OxmField.ETH_DST))
        .set(OxmField.ETH_SRC, Router.MAC)
        .then(
            new Action.Push(Subfield.of(source)),
            new Action.Push(Subfield.of(destination)),
            new Action.Pop(Subfield.of(source)),
            new Action.Pop(Subfield.of(destination)),
            Action.set(v6 ? OxmField.ICMPV6_TYPE : OxmField.ICMPV4_TYPE, reply),
            Action.set(OxmField.IP_TTL, REPLY_TTL),
            Action.output(Ports.IN_PORT))
        .end();
  }

  private static FlowEntry dhcpServer(boolean v6, int server, int client) {
    return Flow.in(Table.SERVICE, SERVERS)
        .ip(v6, Dhcp.UDP)
        .with(OxmField.UDP_SRC, server)
        .with(OxmField.UDP_DST, client)
        .end();
  }
}
