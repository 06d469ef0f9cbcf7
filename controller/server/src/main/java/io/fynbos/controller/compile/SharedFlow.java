package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Oxm;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a table that several rules may want: same slot, same match. Rules that are whole there
 * all do the same, which the priority says, so one flow serves for all. Clauses are joined into one
 * flow with a conjunction action for each rule. Which rules take part depends on the host; hosts
 * with the same ones share the flow objects.
 */
final class SharedFlow {
  /** So many conjunction actions, of 16 bytes each, are far from filling an OpenFlow message. */
  private static final int ACTIONS_MAX = 1000;

  private static final Comparator<Part> ORDER =
      Comparator.comparingInt((Part part) -> part.rule().id()).thenComparing(Part::clause);

  private final Slot slot;
  private final Place place;
  private final Cookie cookie;
  private final List<Part> parts = new ArrayList<>();
  private final Map<BitSet, List<FlowEntry>> made = new HashMap<>(4);

  /** The same where there is one rule only, as nearly always. */
  private @Nullable List<FlowEntry> alone;

  /** Where in a slot: a clause never stands in the place of a plain flow. */
  record Place(Match match, boolean conjunctive) {}

  /** A rule, which of its clauses the match is a term of (from 1), and the hosts that have it. */
  private record Part(RuleShape rule, int clause, BitSet hosts) {}

  SharedFlow(Slot slot, Place place, Cookie cookie) {
    this.slot = slot;
    this.place = place;
    this.cookie = cookie;
  }

  Place place() {
    return place;
  }

  /**
   * Adds a rule; the same clause of it may come again, with terms that are equal, and counts once.
   */
  void add(RuleShape rule, int clause, BitSet hosts) {
    Part last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
    if (last == null || last.rule().id() != rule.id() || last.clause() != clause) {
      parts.add(new Part(rule, clause, hosts));
    }
  }

  /** The flows on a host; the same list for hosts that have the same of the rules. */
  List<FlowEntry> flows(int host) {
    if (parts.size() == 1) {
      return parts.get(0).hosts().get(host) ? alone() : List.of();
    }
    BitSet taking = new BitSet(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).hosts().get(host)) {
        taking.set(i);
      }
    }
    return taking.isEmpty()
        ? List.of()
        : made.computeIfAbsent(taking, set -> make(set.stream().mapToObj(parts::get).toList()));
  }

  private List<FlowEntry> alone() {
    if (alone == null) {
      alone = make(parts);
    }
    return alone;
  }

  private List<FlowEntry> make(List<Part> taking) {
    List<Part> active = new ArrayList<>(taking);
    active.sort(ORDER);
    if (!active.get(0).rule().conjunctive()) {
      return List.of(standing(active).plain(place.match()));
    }
    List<FlowEntry> flows = new ArrayList<>(1);
    for (int from = 0; from < active.size(); from += ACTIONS_MAX) {
      int lane = from / ACTIONS_MAX + 1;
      Flow flow =
          Flow.in(slot.table(), slot.priority(), cookie)
              .with(place.match())
              .with(Oxm.masked(Register.LANE.field(), 0, lane));
      for (Part part : active.subList(from, Math.min(active.size(), from + ACTIONS_MAX))) {
        RuleShape rule = part.rule();
        flow.then(new Action.Conjunction(rule.id(), part.clause(), rule.clauses().size()));
      }
      flows.add(flow.end());
    }
    return flows;
  }

  /**
   * The rule that stands for several that would have the same flow. A packet can be counted for one
   * of them only, and is for the first; but one that logs goes before others, as an enforced one
   * does before one that is tried out.
   */
  private static RuleShape standing(List<Part> active) {
    Comparator<RuleShape> order =
        Comparator.comparing(RuleShape::audited).thenComparing(rule -> !rule.log());
    return active.stream().map(Part::rule).min(order).orElseThrow();
  }
}
