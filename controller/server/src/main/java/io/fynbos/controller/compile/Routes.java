package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.IpAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * Every endpoint is a host route of its universe: the address says who the receiver is and where.
 * What came by a tunnel is only ever delivered here, so a packet crosses the underlay once.
 */
final class Routes {
  private static final int HOST_ROUTE = 100;

  private Routes() {}

  /** To an endpoint on this host. */
  static void local(Attached endpoint, Consumer<FlowEntry> flows) {
    for (IpAddress address : endpoint.addresses()) {
      flows.accept(
          to(endpoint, address)
              .then(
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
    for (IpAddress address : endpoint.addresses()) {
      flows.accept(to(endpoint, address).is(Flag.FROM_GUEST).then(actions).goTo(Table.ORIENT));
    }
  }

  private static Flow to(Attached endpoint, IpAddress address) {
    return Flow.in(Table.ROUTE, HOST_ROUTE, endpoint.cookie())
        .with(Register.UNIVERSE, endpoint.universe().number())
        .ip(address.v6())
        .address(Flow.Address.DESTINATION, address);
  }
}
