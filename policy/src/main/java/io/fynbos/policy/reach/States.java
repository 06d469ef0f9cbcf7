package io.fynbos.policy.reach;

import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the rules of one direction decide, rule by rule in the order in which they are judged.
 * States are numbered; equal ones have one number, so that each step is worked out once.
 */
final class States {
  /** The number of the state in which no rule has been asked. */
  static final int START = 0;

  private final List<Line> lines;
  private final Action byDefault;
  private final List<State> states = new ArrayList<>();
  private final List<ServiceSet> results = new ArrayList<>();
  private final List<ServiceSet> openResults = new ArrayList<>();
  private final Map<State, Integer> numbers = new HashMap<>();
  private final LongIntMap steps = new LongIntMap();

  /**
   * What is decided so far.
   *
   * @param open what no rule has decided in this tier
   * @param passed what guardrails have left to the next tier; empty after them
   * @param allowed what some rule has allowed
   */
  private record State(ServiceSet open, ServiceSet passed, ServiceSet allowed) {}

  States(List<Line> lines, Action byDefault) {
    this.lines = lines;
    this.byDefault = byDefault;
    number(new State(ServiceSet.ALL, ServiceSet.NONE, ServiceSet.NONE));
  }

  private int number(State state) {
    Integer known = numbers.putIfAbsent(state, states.size());
    if (known == null) {
      states.add(state);
      results.add(result(state, byDefault));
      openResults.add(result(state, Action.ALLOW));
      return states.size() - 1;
    }
    return known;
  }

  /** The state after a rule, by its line, has been asked too. */
  int step(int state, int line) {
    long key = (long) state << 32 | line;
    int known = steps.get(key);
    if (known != LongIntMap.ABSENT) {
      return known;
    }
    int next = number(next(states.get(state), lines.get(line)));
    steps.put(key, next);
    return next;
  }

  private static State next(State before, Line line) {
    State state =
        line.tier() == Tier.GUARDRAIL || before.passed.isEmpty() ? before : nextTier(before);
    ServiceSet decided = state.open.intersect(line.services());
    if (decided.isEmpty()) {
      return state;
    }
    ServiceSet open = state.open.subtract(decided);
    return switch (line.action()) {
      case ALLOW -> new State(open, state.passed, state.allowed.union(decided));
      case PASS -> new State(open, state.passed.union(decided), state.allowed);
      case DENY, REJECT -> new State(open, state.passed, state.allowed);
    };
  }

  private static State nextTier(State state) {
    return new State(state.open.union(state.passed), ServiceSet.NONE, state.allowed);
  }

  private static ServiceSet result(State last, Action otherwise) {
    ServiceSet rest = last.open.union(last.passed);
    return otherwise == Action.ALLOW ? last.allowed.union(rest) : last.allowed;
  }

  /** What is allowed in the end where what no rule decides is allowed, whatever the default. */
  ServiceSet notStopped(int state) {
    return openResults.get(state);
  }

  /** What is allowed in the end. */
  ServiceSet allowed(int state) {
    return results.get(state);
  }
}
