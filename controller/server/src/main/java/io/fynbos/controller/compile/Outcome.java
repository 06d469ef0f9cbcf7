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
 * again, reversed: in addition when it was permitted, in its stead when it was denied.
 */
final class Outcome {
  private static final int REVERSED_REJECT = 400;
  private static final int REVERSED = 300;
  private static final int AGAIN = 200;
  private static final int NORMAL = 100;

  private Outcome() {}

  static List<FlowEntry> fixed() {
    List<FlowEntry> flows = new ArrayList<>();
    flows.add(
        Flow.in(Table.PERMITTED, REVERSED)
            .is(Flag.REVERSED)
            .through(Table.SWAP)
            .goTo(Table.DELIVER));
    flows.add(
        Flow.in(Table.DENIED, REVERSED_REJECT)
            .is(Flag.REVERSED, Flag.REJECTED_AS_IT_IS)
            .through(Table.SWAP)
            .goTo(Table.REJECT));
    flows.add(Flow.in(Table.DENIED, REVERSED).is(Flag.REVERSED).end());
    flows.add(Flow.in(Table.DENIED, NORMAL).is(Flag.REJECT).goTo(Table.REJECT));
    for (boolean v6 : new boolean[] {false, true}) {
      flows.add(
          Flow.in(Table.PERMITTED, AGAIN)
              .ip(v6)
              .is(Flag.AND_REVERSED)
              .through(Table.SWAP)
              .track(Table.REVERSED)
              .end());
      flows.add(Flow.in(Table.PERMITTED, NORMAL).ip(v6).fragment().goTo(Table.COMMIT));
      flows.add(
          Flow.in(Table.DENIED, AGAIN)
              .ip(v6)
              .whole()
              .is(Flag.OR_REVERSED)
              .then(Flag.REJECTED_AS_IT_IS.copy(Flag.REJECT))
              .through(Table.SWAP)
              .track(Table.REVERSED)
              .end());
    }
    flows.add(
        Flow.in(Table.PERMITTED, NORMAL + 1)
            .ct(CtState.NEW)
            .isNot(Flag.NO_COMMIT)
            .goTo(Table.COMMIT));
    flows.add(Flow.onMiss(Table.PERMITTED));
    return flows;
  }
}
