package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.CtState;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Each universe has its own zone of connection tracking. A connection that passed both judgements
 * is committed to it; fragments go through it a second time, where a later one waits until all of
 * its datagram, and so the first, has been let through.
 *
 * <p>The userspace datapath puts fragments that waited too long into whatever batch of packets is
 * tracked next, with that batch's registers. So after every look-up a packet must be of the zone
 * that the registers say, and valid.
 */
final class Tracking {
  private static final int INVALID_ICMP = 300;
  private static final int KEPT = 150;
  private static final int NORMAL = 100;
  private static final int REST = 50;

  private static final int KEEP = 1;

  private Tracking() {}

  static List<FlowEntry> fixed() {
    List<FlowEntry> flows = new ArrayList<>();
    for (boolean v6 : new boolean[] {false, true}) {
      // Tracking does not know SCTP's ports here: it finds no connection, and none is made.
      flows.add(
          Flow.in(Table.CONNTRACK, NORMAL)
              .ip(v6, Service.SCTP)
              .then(Flag.set(Flag.NO_COMMIT, Flag.EITHER_WAY))
              .track(Table.TRACKED)
              .end());
      flows.add(Flow.in(Table.CONNTRACK, REST).ip(v6).track(Table.TRACKED).end());
      // ICMP that is neither a request, its answer nor an error of a connection is judged as it is.
      flows.add(
          Flow.in(Table.TRACKED, INVALID_ICMP).ct(CtState.INV).icmp(v6).whole().goTo(Table.ROUTE));
      flows.add(
          Flow.in(Table.COMMIT, NORMAL)
              .ct(CtState.NEW)
              .ip(v6)
              .isNot(Flag.NO_COMMIT)
              .commit(Table.COMMITTED)
              .end());
      flows.add(Flow.in(Table.COMMIT, REST).ip(v6).track(Table.COMMITTED).end());
    }
    return flows;
  }

  /** A universe that has an endpoint on the host. */
  static void of(Universe universe, UniverseNumber number, Consumer<FlowEntry> flows) {
    Cookie cookie = new Cookie(Cookie.Kind.UNIVERSE, number.number());
    flows.accept(
        Flow.in(Table.TRACKED, NORMAL, cookie)
            .ct(0, CtState.INV)
            .with(Register.UNIVERSE, number.number())
            .with(OxmField.CT_ZONE, number.number())
            .goTo(Table.ROUTE));
    flows.accept(
        Flow.in(Table.COMMITTED, NORMAL, cookie)
            .ct(0, CtState.INV)
            .with(Register.UNIVERSE, number.number())
            .with(OxmField.CT_ZONE, number.number())
            .goTo(Table.DELIVER));
    if (universe.keepEstablished()) {
      keepEstablished(number, cookie, flows);
    }
  }

  /** Connections are marked when they are made, and a marked one is not judged again. */
  private static void keepEstablished(
      UniverseNumber number, Cookie cookie, Consumer<FlowEntry> flows) {
    for (boolean v6 : new boolean[] {false, true}) {
      flows.accept(
          Flow.in(Table.COMMIT, KEPT, cookie)
              .ct(CtState.NEW)
              .ip(v6)
              .with(Register.UNIVERSE, number.number())
              .isNot(Flag.NO_COMMIT)
              .commit(Table.COMMITTED, Action.set(OxmField.CT_MARK, KEEP, KEEP))
              .end());
    }
    for (int state : new int[] {CtState.EST, CtState.REL}) {
      flows.accept(
          Flow.in(Table.ORIENT, Orientation.KEPT, cookie)
              .ct(state)
              .with(OxmField.CT_MARK, KEEP, KEEP)
              .with(Register.UNIVERSE, number.number())
              .goTo(Table.DELIVER));
    }
  }
}
