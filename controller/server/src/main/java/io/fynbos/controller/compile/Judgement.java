package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseNumber;
import java.util.List;
import java.util.function.Consumer;

/**
 * Both directions of a connection are judged, each where the endpoint is that it is about: out
 * where the client is, in where the server is, tier by tier. A flow's priority says order and
 * action, and nothing about its neighbours, so no rule ever moves because of another.
 */
final class Judgement {
  private static final int ELSEWHERE = 65000;
  private static final int LOWEST_RULE = 100;
  static final int DEFAULT = 10;
  private static final int ACTIONS = Action.values().length;

  private Judgement() {}

  static List<FlowEntry> fixed() {
    return List.of(
        Flow.in(Table.OUT_GUARDRAIL, ELSEWHERE).isNot(Flag.CLIENT_LOCAL).goTo(Table.IN_GUARDRAIL),
        Flow.in(Table.IN_GUARDRAIL, ELSEWHERE).isNot(Flag.SERVER_LOCAL).goTo(Table.PERMITTED),
        Flow.onMiss(Table.OUT_GUARDRAIL),
        Flow.in(Table.OUT_UNIVERSE, ELSEWHERE).is(Flag.TO_SERVICE).goTo(Table.IN_GUARDRAIL),
        Flow.onMiss(Table.OUT_UNIVERSE),
        Flow.onMiss(Table.IN_GUARDRAIL),
        Flow.onMiss(Table.IN_UNIVERSE));
  }

  /** What happens in a universe where no rule matches. */
  static void defaults(Universe universe, UniverseNumber number, Consumer<FlowEntry> flows) {
    Cookie cookie = new Cookie(Cookie.Kind.UNIVERSE, number.number());
    for (Direction direction : Direction.values()) {
      Table table = Lane.ENFORCED.table(direction, Tier.DEFAULT);
      flows.accept(
          verdict(
              Flow.in(table, DEFAULT, cookie).with(Register.UNIVERSE, number.number()),
              table,
              direction,
              universe.defaultOf(direction)));
    }
  }

  /** Smaller orders first; at equal order deny, reject, allow, pass. */
  static int priority(int order, Action action) {
    int strength =
        switch (action) {
          case PASS -> 0;
          case ALLOW -> 1;
          case REJECT -> 2;
          case DENY -> 3;
        };
    return LOWEST_RULE + (Policy.ORDER_MAX - order) * ACTIONS + strength;
  }

  /** The register of the end that the direction's rules are about. */
  static Register judged(Direction direction) {
    return direction == Direction.IN ? Register.SERVER : Register.CLIENT;
  }

  /** The register of the other end. */
  static Register peer(Direction direction) {
    return direction == Direction.IN ? Register.CLIENT : Register.SERVER;
  }

  /** Ends a flow of a table with what its action means there. */
  static FlowEntry verdict(Flow flow, Table table, Direction direction, Action action) {
    return switch (action) {
      case ALLOW -> flow.goTo(direction == Direction.OUT ? Table.IN_GUARDRAIL : Table.PERMITTED);
      case PASS -> flow.goTo(table.miss().orElseThrow());
      case REJECT -> flow.then(Flag.set(Flag.REJECT)).goTo(Table.DENIED);
      case DENY -> flow.goTo(Table.DENIED);
    };
  }
}
