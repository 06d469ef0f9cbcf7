package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.CtState;
import io.fynbos.openflow.wire.FlowEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows a judgement. A packet whose direction is not known for sure may have to be judged
 * again, reversed: TCP without its SYN in addition, when the first judgement permitted it; SCTP
 * when the first one denied it.
 *
 * <p>SCTP must pass the same way on both hosts: what the sender's may send and the receiver's may
 * receive, or what the one may answer and the other may be answered. So for a receiver on another
 * host both ways are judged, and each verdict is told to that host.
 */
final class Outcome {
  private static final int REVERSED_REJECT = 400;
  private static final int REVERSED = 300;
  private static final int TOLD = 250;
  private static final int AGAIN = 200;
  private static final int NEW = 110;
  private static final int NORMAL = 100;

  private Outcome() {}

  static List<FlowEntry> fixed() {
    List<FlowEntry> flows = new ArrayList<>(permitted());
    flows.addAll(denied());
    return flows;
  }

  private static List<FlowEntry> permitted() {
    List<FlowEntry> flows = new ArrayList<>();
    flows.add(
        Flow.in(Table.PERMITTED, REVERSED)
            .is(Flag.REVERSED)
            .through(Table.SWAP)
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
      flows.add(Flow.in(Table.PERMITTED, NORMAL).ip(v6).fragment().goTo(Table.COMMIT));
    }
    flows.add(
        Flow.in(Table.PERMITTED, NEW).ct(CtState.NEW).isNot(Flag.NO_COMMIT).goTo(Table.COMMIT));
    flows.add(Flow.onMiss(Table.PERMITTED));
    return flows;
  }

  private static List<FlowEntry> denied() {
    List<FlowEntry> flows = new ArrayList<>();
    flows.add(
        Flow.in(Table.DENIED, REVERSED_REJECT)
            .is(Flag.REVERSED, Flag.REJECTED_AS_IT_IS)
            .through(Table.SWAP)
            .goTo(Table.REJECT));
    // As it is it was permitted: the receiver's host may still let it in that way.
    flows.add(
        Flow.in(Table.DENIED, REVERSED)
            .is(Flag.REVERSED, Flag.EITHER_WAY)
            .isNot(Flag.DENIED_AS_IT_IS)
            .then(Flag.set(Flag.DENIED_REVERSED))
            .through(Table.SWAP)
            .goTo(Table.DELIVER));
    flows.add(Flow.in(Table.DENIED, TOLD).is(Flag.REVERSED).end());
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
    flows.add(Flow.in(Table.DENIED, NORMAL).is(Flag.REJECT).goTo(Table.REJECT));
    return flows;
  }

  private static Flow again(Table table, boolean v6) {
    return Flow.in(table, AGAIN).ip(v6).whole();
  }
}
