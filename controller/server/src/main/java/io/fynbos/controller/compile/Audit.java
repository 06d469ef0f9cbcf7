package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.LogVerdict;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.CtState;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Rules that are only tried out. Where some apply, a packet is judged twice about their direction:
 * first in a lane of its own, by all rules as if all were enforced, which leaves nothing behind but
 * what it would say and the audit rule that made it say so; then by the enforced rules. Once those
 * have spoken, the two are compared, and a difference is counted for that rule. Nothing an enforced
 * flow looks at is written by the lane.
 *
 * <p>Only the packet as it is gets audited, not one whose ends are swapped to be judged as a reply.
 */
final class Audit {
  private static final int COMPARED_FIRST = 65010;
  private static final int JUDGED_FIRST = 64990;
  private static final int PENDING = 500;
  private static final int LOGGED = 110;
  private static final int NORMAL = 100;

  private static final Cookie NO_RULE = new Cookie(Cookie.Kind.AUDIT, 0);

  private static final Flag[] RESULT = {
    Flag.AUDIT_PENDING, Flag.WOULD_ALLOW, Flag.WOULD_DENY, Flag.WOULD_REJECT
  };

  private Audit() {}

  static List<FlowEntry> fixed() {
    List<FlowEntry> flows = new ArrayList<>();
    for (Table table :
        List.of(
            Table.AUDIT_OUT_GUARDRAIL,
            Table.AUDIT_OUT_UNIVERSE,
            Table.AUDIT_IN_GUARDRAIL,
            Table.AUDIT_IN_UNIVERSE)) {
      flows.add(Flow.onMiss(table));
    }
    flows.add(
        verdict(
            Flow.in(Table.AUDIT_OUT_UNIVERSE, JUDGED_FIRST).is(Flag.TO_SERVICE),
            Table.AUDIT_OUT_UNIVERSE,
            Action.ALLOW));
    flows.addAll(comparisons());
    // Out has been permitted when in begins.
    flows.add(
        compared(
            Flow.in(Table.IN_GUARDRAIL, COMPARED_FIRST).isNot(Flag.AUDITED_IN),
            LogVerdict.ALLOW,
            Table.IN_GUARDRAIL));
    flows.add(compared(Flow.in(Table.PERMITTED, PENDING), LogVerdict.ALLOW, Table.PERMITTED));
    flows.add(
        compared(Flow.in(Table.DENIED, PENDING).isNot(Flag.REJECT), LogVerdict.DENY, Table.DENIED));
    flows.add(
        compared(Flow.in(Table.DENIED, PENDING).is(Flag.REJECT), LogVerdict.REJECT, Table.DENIED));
    return flows;
  }

  private static FlowEntry compared(Flow flow, LogVerdict enforced, Table back) {
    return flow.is(Flag.AUDIT_PENDING)
        .then(enforced.set())
        .through(Table.COMPARE)
        .then(Flag.clear(RESULT), Register.RULE_AUDIT.set(0))
        .through(back)
        .end();
  }

  /** What is said otherwise than it was enforced. */
  private static List<FlowEntry> comparisons() {
    return List.of(
        differs(LogVerdict.ALLOW, Flag.WOULD_DENY, LogVerdict.WOULD_DENY),
        differs(LogVerdict.ALLOW, Flag.WOULD_REJECT, LogVerdict.WOULD_DENY),
        differs(LogVerdict.DENY, Flag.WOULD_ALLOW, LogVerdict.WOULD_ALLOW),
        differs(LogVerdict.DENY, Flag.WOULD_REJECT, LogVerdict.WOULD_DENY),
        differs(LogVerdict.REJECT, Flag.WOULD_ALLOW, LogVerdict.WOULD_ALLOW),
        differs(LogVerdict.REJECT, Flag.WOULD_DENY, LogVerdict.WOULD_DENY));
  }

  private static FlowEntry differs(LogVerdict enforced, Flag would, LogVerdict said) {
    return Flow.in(Table.COMPARE, NORMAL)
        .with(Register.VERDICT, enforced.code())
        .is(would)
        .then(said.set())
        .goTo(Table.DIFFERS);
  }

  /**
   * Sends what a universe's endpoints here send or get through the lane of a direction first, which
   * says what the universe's default is when none of its rules matches.
   */
  static void of(
      Universe universe, UniverseNumber number, Direction direction, Consumer<FlowEntry> flows) {
    boolean in = direction == Direction.IN;
    Table enforced = Lane.ENFORCED.table(direction, Tier.GUARDRAIL);
    Flag audited = in ? Flag.AUDITED_IN : Flag.AUDITED_OUT;
    flows.accept(
        Flow.in(enforced, JUDGED_FIRST, NO_RULE)
            .with(Register.UNIVERSE, number.number())
            .is(in ? Flag.SERVER_LOCAL : Flag.CLIENT_LOCAL)
            .isNot(audited, Flag.REVERSED)
            .then(Flag.set(audited, Flag.AUDIT_PENDING))
            .through(Lane.AUDIT.table(direction, Tier.GUARDRAIL))
            .through(enforced)
            .end());
    Table last = Lane.AUDIT.table(direction, Tier.DEFAULT);
    flows.accept(
        verdict(
            Flow.in(last, Judgement.DEFAULT, NO_RULE).with(Register.UNIVERSE, number.number()),
            last,
            universe.defaultOf(direction)));
  }

  /** Ends a flow of the lane with what its action would mean. */
  static FlowEntry verdict(Flow flow, Table table, Action action) {
    return switch (action) {
      case ALLOW -> flow.then(Flag.set(Flag.WOULD_ALLOW)).end();
      case PASS -> flow.goTo(table.miss().orElseThrow());
      case REJECT -> flow.then(Flag.set(Flag.WOULD_REJECT)).end();
      case DENY -> flow.then(Flag.set(Flag.WOULD_DENY)).end();
    };
  }

  /**
   * Counts the packets that an audit rule would have had judged otherwise. It logs the first ones
   * of connections, which those that are denied always are, and what has no state.
   */
  static void differences(int rule, boolean log, Consumer<FlowEntry> flows) {
    flows.accept(differing(NORMAL, rule).end());
    if (log) {
      for (int state : new int[] {CtState.NEW, CtState.INV}) {
        flows.accept(differing(LOGGED, rule).ct(state).through(Table.LOG).end());
      }
    }
  }

  private static Flow differing(int priority, int rule) {
    Cookie cookie = new Cookie(Cookie.Kind.AUDIT_DIFFERS, Integer.toUnsignedLong(rule));
    return Flow.in(Table.DIFFERS, priority, cookie).with(Register.RULE_AUDIT, rule);
  }
}
