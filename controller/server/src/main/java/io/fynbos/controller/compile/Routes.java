package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Every endpoint is a host route of its universe: the address says who the receiver is and where.
 * So does what it is allowed besides its addresses; a shared address leads to whoever has it now.
 * What came by a tunnel is only ever delivered here, so a packet crosses the underlay once.
 */
final class Routes {
  private static final int HOST_ROUTE = 300;

  /** Of allowed prefixes, with their length added: the longer comes before the shorter. */
  private static final int PREFIX_ROUTE = 100;

  private Routes() {}

  /** To an endpoint on this host. */
  static void local(Attached endpoint, Consumer<FlowEntry> flows) {
    for (Flow to : to(endpoint)) {
      flows.accept(
          to.then(
                  Register.RECEIVER.set(endpoint.identity().number()),
                  Register.PORT.set(endpoint.port()),
                  Flag.set(Flag.RECEIVER_LOCAL))
              .goTo(Table.ORIENT));
    }
  }

  /** To an endpoint on another host; the same flow on every host but its own. */
  static void remote(Attached endpoint, Host host, Consumer<FlowEntry> flows) {
    List<Action> actions =
        List.of(
            Register.RECEIVER.set(endpoint.identity().number()),
            Register.TUNNEL.set((int) host.underlay().low()));
    for (Flow to : to(endpoint)) {
      flows.accept(to.is(Flag.FROM_GUEST).then(actions).goTo(Table.ORIENT));
    }
  }

  private static List<Flow> to(Attached endpoint) {
    List<Flow> flows = new ArrayList<>(endpoint.addresses().size() + endpoint.routed().size());
    for (IpAddress address : endpoint.addresses()) {
      flows.add(to(endpoint, HOST_ROUTE, Prefix.of(address)));
    }
    for (Prefix prefix : endpoint.routed()) {
      flows.add(to(endpoint, PREFIX_ROUTE + prefix.length(), prefix));
    }
    return flows;
  }

  private static Flow to(Attached endpoint, int priority, Prefix destination) {
    return Flow.in(Table.ROUTE, priority, endpoint.cookie())
        .with(Register.UNIVERSE, endpoint.universe().number())
        .ip(destination.v6())
        .address(Flow.Address.DESTINATION, destination);
  }
}
