package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.LogVerdict;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.CtState;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What follows a judgement. A packet whose direction is not known for sure may have to be judged
 * again, reversed: TCP without its SYN in addition, when the first judgement permitted it; SCTP
 * when the first one denied it.
 *
 * <p>SCTP must pass the same way on both hosts: what the sender's may send and the receiver's may
 * receive, or what the one may answer and the other may be answered. So for a receiver on another
 * host both ways are judged, and each verdict is told to that host.
 *
 * <p>Here it is also known what to log: the first packet of a connection that passes, each one that
 * passes without state, each one that is denied. What is logged has the ends it came with.
 */
final class Outcome {
  private static final int REVERSED_REJECT = 400;
  private static final int REVERSED = 300;
  private static final int TOLD = 250;
  private static final int AGAIN = 200;
  private static final int NEW = 110;
  private static final int STATELESS_FRAGMENT = 106;
  private static final int STATELESS = 105;
  private static final int NORMAL = 100;
  private static final int REST = 50;

  private Outcome() {}

  static List<FlowEntry> fixed() {
    List<FlowEntry> flows = new ArrayList<>(permitted());
    flows.addAll(denied());
    flows.add(Flow.in(Table.RECORD, NORMAL).is(Flag.LOG).through(Table.LOG).end());
    return flows;
  }

  private static List<FlowEntry> permitted() {
    List<FlowEntry> flows = new ArrayList<>();
    flows.add(
        Flow.in(Table.PERMITTED, REVERSED)
            .is(Flag.REVERSED)
            .through(Table.SWAP)
            .then(LogVerdict.ALLOW.set())
            .through(Table.RECORD)
            .goTo(Table.DELIVER));
    for (boolean v6 : new boolean[] {false, true}) {
      flows.add(
          again(Table.PERMITTED, v6)
              .is(Flag.EITHER_WAY, Flag.FROM_GUEST)
              .isNot(Flag.RECEIVER_LOCAL)
              .through(Table.SWAP)
              .track(Table.REVERSED)
              .end());
      flows.add(
          again(Table.PERMITTED, v6)
              .is(Flag.AND_REVERSED)
              .through(Table.SWAP)
              .track(Table.REVERSED)
              .end());
      flows.add(
          recorded(
                  Flow.in(Table.PERMITTED, STATELESS_FRAGMENT).ip(v6).fragment().is(Flag.NO_COMMIT),
                  LogVerdict.ALLOW)
              .goTo(Table.COMMIT));
      flows.add(Flow.in(Table.PERMITTED, NORMAL).ip(v6).fragment().goTo(Table.COMMIT));
    }
    flows.add(
        recorded(
                Flow.in(Table.PERMITTED, NEW).ct(CtState.NEW).isNot(Flag.NO_COMMIT),
                LogVerdict.ALLOW)
            .goTo(Table.COMMIT));
    for (Flow stateless :
        List.of(
            Flow.in(Table.PERMITTED, STATELESS).is(Flag.NO_COMMIT),
            Flow.in(Table.PERMITTED, STATELESS).ct(CtState.INV).isNot(Flag.NO_COMMIT))) {
      flows.add(recorded(stateless, LogVerdict.ALLOW).goTo(Table.DELIVER));
    }
    flows.add(Flow.onMiss(Table.PERMITTED));
    return flows;
  }

  private static List<FlowEntry> denied() {
    List<FlowEntry> flows = new ArrayList<>();
    flows.add(
        Flow.in(Table.DENIED, REVERSED_REJECT)
            .is(Flag.REVERSED, Flag.REJECTED_AS_IT_IS)
            .through(Table.SWAP)
            .then(LogVerdict.REJECT.set())
            .through(Table.RECORD)
            .goTo(Table.REJECT));
    // As it is it was permitted: the receiver's host may still let it in that way.
    flows.add(
        Flow.in(Table.DENIED, REVERSED)
            .is(Flag.REVERSED, Flag.EITHER_WAY)
            .isNot(Flag.DENIED_AS_IT_IS)
            .then(Flag.set(Flag.DENIED_REVERSED))
            .through(Table.SWAP)
            .then(LogVerdict.ALLOW.set())
            .through(Table.RECORD)
            .goTo(Table.DELIVER));
    flows.add(
        recorded(Flow.in(Table.DENIED, TOLD).is(Flag.REVERSED).through(Table.SWAP), LogVerdict.DENY)
            .end());
    for (boolean v6 : new boolean[] {false, true}) {
      flows.add(
          again(Table.DENIED, v6)
              .is(Flag.EITHER_WAY)
              .isNot(Flag.DENIED_REVERSED)
              .then(Flag.set(Flag.DENIED_AS_IT_IS))
              .then(Flag.REJECTED_AS_IT_IS.copy(Flag.REJECT))
              .through(Table.SWAP)
              .track(Table.REVERSED)
              .end());
    }
    flows.add(
        recorded(Flow.in(Table.DENIED, NORMAL).is(Flag.REJECT), LogVerdict.REJECT)
            .goTo(Table.REJECT));
    flows.add(recorded(Flow.in(Table.DENIED, REST), LogVerdict.DENY).end());
    return flows;
  }

  /** What a universe has logged whether a rule asks for it or not. */
  static void of(Universe universe, UniverseNumber number, Consumer<FlowEntry> flows) {
    if (universe.logDenied()) {
      Cookie cookie = new Cookie(Cookie.Kind.UNIVERSE, number.number());
      for (LogVerdict verdict : List.of(LogVerdict.DENY, LogVerdict.REJECT)) {
        flows.accept(
            Flow.in(Table.RECORD, NORMAL, cookie)
                .with(Register.UNIVERSE, number.number())
                .with(Register.VERDICT, verdict.code())
                .isNot(Flag.LOG)
                .through(Table.LOG)
                .end());
      }
    }
  }

  private static Flow recorded(Flow flow, LogVerdict verdict) {
    return flow.then(verdict.set()).through(Table.RECORD);
  }

  private static Flow again(Table table, boolean v6) {
    return Flow.in(table, AGAIN).ip(v6).whole();
  }
}
