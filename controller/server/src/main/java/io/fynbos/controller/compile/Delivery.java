package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Router;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.Subfield;
import java.util.ArrayList;
import java.util.List;

/**
 * The last step is a router's: one hop, counted at the sender's host and so at the place whose
 * agent can answer the sender, then the receiver's MAC and port, or the tunnel with the sender's
 * identity as its key.
 */
final class Delivery {
  private static final int EXPIRED = 200;
  private static final int NORMAL = 100;
  private static final int REST = 50;

  private Delivery() {}

  static List<FlowEntry> fixed() {
    List<FlowEntry> flows = new ArrayList<>();
    for (boolean v6 : new boolean[] {false, true}) {
      for (int ttl : new int[] {0, 1}) {
        flows.add(
            Flow.in(Table.DELIVER, EXPIRED)
                .ip(v6)
                .with(OxmField.IP_TTL, ttl)
                .is(Flag.FROM_GUEST)
                .goTo(Table.TTL_EXPIRED));
      }
      flows.add(
          Flow.in(Table.DELIVER, NORMAL)
              .ip(v6)
              .is(Flag.FROM_GUEST)
              .then(Action.DecTtl.PLAIN)
              .goTo(Table.OUTPUT));
    }
    flows.add(Flow.onMiss(Table.DELIVER));
    flows.add(
        Flow.in(Table.OUTPUT, REST)
            .is(Flag.FROM_GUEST)
            .isNot(Flag.RECEIVER_LOCAL)
            .then(new Action.CheckPktLarger(Router.FRAME_BYTES_MAX, Flag.TOO_BIG.subfield()))
            .goTo(Table.TRANSMIT));
    flows.add(Flow.in(Table.TRANSMIT, NORMAL).is(Flag.TOO_BIG).goTo(Table.TOO_BIG));
    flows.add(
        Flow.in(Table.TRANSMIT, REST)
            .set(OxmField.ETH_SRC, Router.MAC)
            .set(OxmField.ETH_DST, Router.MAC)
            .then(
                new Action.Move(Flag.verdicts(), Router.VERDICTS),
                Action.move(Register.TUNNEL.field(), OxmField.TUN_DST),
                new Action.Move(Register.SENDER.low(32), new Subfield(OxmField.TUN_ID, 0, 32)),
                Action.output(Router.TUNNEL_PORT))
            .end());
    return flows;
  }

  /** To an endpoint on this host. The switch itself sends nothing out by the port it came in by. */
  static FlowEntry local(Attached endpoint) {
    return Flow.in(Table.OUTPUT, NORMAL, endpoint.cookie())
        .with(Register.PORT, endpoint.port())
        .is(Flag.RECEIVER_LOCAL)
        .set(OxmField.ETH_SRC, Router.MAC)
        .set(OxmField.ETH_DST, endpoint.mac())
        .then(Action.output(endpoint.port()))
        .end();
  }
}
