package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.CtState;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.Subfield;
import io.fynbos.policy.model.Service;
import java.util.ArrayList;
import java.util.List;

/**
 * Policy is about connections, so before a packet is judged it must be known which end opened the
 * connection: the client. Tracking says so, except for TCP that it meets without its SYN and for
 * SCTP, where the ports say so if one is a client's and the other is not. Those can be judged as
 * replies: the packet's ends are swapped, it is tracked as if its receiver had sent it, judged by
 * the same flows as any other, and swapped back.
 */
final class Orientation {
  static final int KEPT = 500;
  private static final int LATER_FRAGMENT = 400;
  private static final int ONLY_A_REPLY = 350;
  private static final int PORTS_TELL = 300;
  private static final int PORTS_DO_NOT_TELL = 200;
  private static final int REPLY = 100;
  private static final int REST = 50;

  private static final int SYN = 0x002;

  /** Ports from 32768 on are taken by clients, nearly everywhere; this bit is set in them. */
  private static final int CLIENTS_PORT = 0x8000;

  private Orientation() {}

  static List<FlowEntry> fixed() {
    List<FlowEntry> flows = new ArrayList<>();
    for (boolean v6 : new boolean[] {false, true}) {
      // A later fragment has no ports to judge. It waits in Commit for the first one.
      flows.add(
          Flow.in(Table.ORIENT, LATER_FRAGMENT)
              .ct(0, CtState.INV)
              .ip(v6)
              .laterFragment()
              .goTo(Table.COMMIT));
      // Where it came from it passed as a reply, so it can only be a reply here.
      flows.add(
          Flow.in(Table.ORIENT, ONLY_A_REPLY)
              .ip(v6)
              .whole()
              .is(Flag.EITHER_WAY, Flag.DENIED_AS_IT_IS)
              .through(Table.SWAP)
              .track(Table.REVERSED)
              .end());
      flows.addAll(sctp(v6));
      flows.add(
          withoutSyn(PORTS_TELL, v6)
              .with(OxmField.CT_TP_SRC, CLIENTS_PORT, CLIENTS_PORT)
              .with(OxmField.CT_TP_DST, 0, CLIENTS_PORT)
              .then(asItIs())
              .goTo(Table.OUT_GUARDRAIL));
      flows.add(
          withoutSyn(PORTS_TELL, v6)
              .with(OxmField.CT_TP_SRC, 0, CLIENTS_PORT)
              .with(OxmField.CT_TP_DST, CLIENTS_PORT, CLIENTS_PORT)
              .then(Flag.set(Flag.NO_COMMIT))
              .through(Table.SWAP)
              .track(Table.REVERSED)
              .end());
      flows.add(
          withoutSyn(PORTS_DO_NOT_TELL, v6)
              .then(Flag.set(Flag.NO_COMMIT, Flag.AND_REVERSED))
              .then(asItIs())
              .goTo(Table.OUT_GUARDRAIL));
    }
    flows.add(
        Flow.in(Table.ORIENT, ONLY_A_REPLY - 1).is(Flag.EITHER_WAY, Flag.DENIED_AS_IT_IS).end());
    flows.add(
        Flow.in(Table.ORIENT, REPLY).ct(CtState.RPL).then(reversed()).goTo(Table.OUT_GUARDRAIL));
    flows.add(Flow.in(Table.ORIENT, REST).then(asItIs()).goTo(Table.OUT_GUARDRAIL));
    flows.add(
        Flow.in(Table.REVERSED, REST)
            .ct(0, CtState.INV)
            .then(Flag.set(Flag.REVERSED))
            .then(reversed())
            .goTo(Table.OUT_GUARDRAIL));
    flows.addAll(swap());
    return flows;
  }

  private static Flow withoutSyn(int priority, boolean v6) {
    return Flow.in(Table.ORIENT, priority)
        .ct(CtState.NEW)
        .ip(v6, Service.TCP)
        .whole()
        // Without it the switch would forget the tracked ports of the match.
        .with(OxmField.CT_NW_PROTO, Service.TCP)
        .with(OxmField.TCP_FLAGS, 0, SYN);
  }

  /** Where SCTP's ports tell which way it goes it is judged that way only, on both hosts. */
  private static List<FlowEntry> sctp(boolean v6) {
    return List.of(
        sctp(v6, CLIENTS_PORT, 0)
            .then(Flag.clear(Flag.EITHER_WAY))
            .then(asItIs())
            .goTo(Table.OUT_GUARDRAIL),
        sctp(v6, 0, CLIENTS_PORT)
            .then(Flag.clear(Flag.EITHER_WAY))
            .through(Table.SWAP)
            .track(Table.REVERSED)
            .end());
  }

  private static Flow sctp(boolean v6, int source, int destination) {
    return Flow.in(Table.ORIENT, PORTS_TELL)
        .ip(v6, Service.SCTP)
        .whole()
        .with(OxmField.SCTP_SRC, source, CLIENTS_PORT)
        .with(OxmField.SCTP_DST, destination, CLIENTS_PORT);
  }

  private static List<Action> asItIs() {
    return List.of(
        Register.CLIENT.copy(Register.SENDER),
        Register.SERVER.copy(Register.RECEIVER),
        Flag.CLIENT_LOCAL.copy(Flag.FROM_GUEST),
        Flag.SERVER_LOCAL.copy(Flag.RECEIVER_LOCAL));
  }

  private static List<Action> reversed() {
    return List.of(
        Register.CLIENT.copy(Register.RECEIVER),
        Register.SERVER.copy(Register.SENDER),
        Flag.CLIENT_LOCAL.copy(Flag.RECEIVER_LOCAL),
        Flag.SERVER_LOCAL.copy(Flag.FROM_GUEST));
  }

  private static List<FlowEntry> swap() {
    List<FlowEntry> flows = new ArrayList<>();
    for (boolean v6 : new boolean[] {false, true}) {
      List<Action> addresses =
          v6
              ? exchange(OxmField.IPV6_SRC, OxmField.IPV6_DST)
              : exchange(OxmField.IPV4_SRC, OxmField.IPV4_DST);
      flows.add(
          Flow.in(Table.SWAP, REST)
              .ip(v6, Service.TCP)
              .then(addresses)
              .then(exchange(OxmField.TCP_SRC, OxmField.TCP_DST))
              .end());
      flows.add(
          Flow.in(Table.SWAP, REST)
              .ip(v6, Service.SCTP)
              .then(addresses)
              .then(exchange(OxmField.SCTP_SRC, OxmField.SCTP_DST))
              .end());
    }
    return flows;
  }

  private static List<Action> exchange(OxmField one, OxmField other) {
    return List.of(
        new Action.Push(Subfield.of(one)),
        new Action.Push(Subfield.of(other)),
        new Action.Pop(Subfield.of(one)),
        new Action.Pop(Subfield.of(other)));
  }
}
