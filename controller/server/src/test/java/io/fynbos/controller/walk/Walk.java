package io.fynbos.controller.walk;

import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.Ct;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.Ports;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One packet's walk through the tables of a switch. */
final class Walk {
  private static final int LOOKUPS_MAX = 200;

  private final Map<Integer, List<FlowEntry>> tables;
  private final Tracker tracker;
  private final Fields packet;
  private final Deque<BigInteger> stack = new ArrayDeque<>();
  private final List<Integer> visited = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();
  private final List<Fields> tracked = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();

  /** A look-up: in which table, the packet as it was then, and what was found. */
  record Step(int table, Fields packet, Optional<FlowEntry> flow) {}

  /** A packet that left by a port, as it was then. */
  record Sent(int port, Fields packet) {}

  /** The tables of a switch, with flows in the order in which they are tried. */
  static Map<Integer, List<FlowEntry>> tables(List<FlowEntry> flows) {
    Map<Integer, List<FlowEntry>> tables = new HashMap<>();
    for (FlowEntry flow : flows) {
      tables.computeIfAbsent(flow.table(), table -> new ArrayList<>()).add(flow);
    }
    tables.values().forEach(t -> t.sort(Comparator.comparingInt(FlowEntry::priority).reversed()));
    return tables;
  }

  Walk(Map<Integer, List<FlowEntry>> tables, Tracker tracker, Fields packet) {
    this.tables = tables;
    this.tracker = tracker;
    this.packet = packet.copy();
    table(0);
  }

  /** Where it left, if anywhere. */
  List<Sent> sent() {
    return sent;
  }

  /** The tables it was looked up in, in order. */
  List<Integer> visited() {
    return visited;
  }

  /** The packet after each time it was tracked. */
  List<Fields> tracked() {
    return tracked;
  }

  /** The look-ups in a table, in order. */
  List<Step> stepsIn(Table table) {
    return steps.stream().filter(step -> step.table() == table.id()).toList();
  }

  private void table(int number) {
    visited.add(number);
    if (visited.size() > LOOKUPS_MAX) {
      throw new IllegalStateException("the packet goes round in circles: " + visited);
    }
    Optional<FlowEntry> flow = lookup(tables.getOrDefault(number, List.of()));
    steps.add(new Step(number, packet.copy(), flow));
    if (flow.isEmpty()) {
      return;
    }
    for (Instruction instruction : flow.get().instructions()) {
      if (instruction instanceof Instruction.ApplyActions apply) {
        if (!apply(apply.actions())) {
          return;
        }
      } else if (instruction instanceof Instruction.GotoTable next) {
        table(next.table());
      } else {
        throw new IllegalStateException("unknown instruction " + instruction);
      }
    }
  }

  /** The flow of the highest priority that matches, by itself or as a conjunction. */
  private Optional<FlowEntry> lookup(List<FlowEntry> flows) {
    TreeMap<Integer, List<FlowEntry>> matching = new TreeMap<>(Comparator.reverseOrder());
    for (FlowEntry flow : flows) {
      if (packet.matches(flow.match())) {
        matching.computeIfAbsent(flow.priority(), p -> new ArrayList<>()).add(flow);
      }
    }
    for (List<FlowEntry> level : matching.values()) {
      Optional<FlowEntry> whole =
          level.stream().filter(flow -> clauses(flow).isEmpty()).findFirst();
      if (whole.isPresent()) {
        return whole;
      }
      for (int id : completed(level)) {
        Fields joined = packet.copy().put(OxmField.CONJ_ID, Integer.toUnsignedLong(id));
        Optional<FlowEntry> conclusion =
            flows.stream()
                .filter(flow -> flow.match().field(OxmField.CONJ_ID).isPresent())
                .filter(flow -> joined.matches(flow.match()))
                .findFirst();
        if (conclusion.isPresent()) {
          return conclusion;
        }
      }
    }
    return Optional.empty();
  }

  private static List<Action.Conjunction> clauses(FlowEntry flow) {
    List<Action.Conjunction> clauses = new ArrayList<>();
    for (Instruction instruction : flow.instructions()) {
      if (instruction instanceof Instruction.ApplyActions apply) {
        for (Action action : apply.actions()) {
          if (action instanceof Action.Conjunction conjunction) {
            clauses.add(conjunction);
          }
        }
      }
    }
    return clauses;
  }

  private static Set<Integer> completed(List<FlowEntry> level) {
    Map<Integer, Set<Integer>> met = new TreeMap<>();
    Set<Integer> complete = new HashSet<>();
    for (FlowEntry flow : level) {
      for (Action.Conjunction clause : clauses(flow)) {
        Set<Integer> of = met.computeIfAbsent(clause.id(), id -> new HashSet<>());
        of.add(clause.clause());
        if (of.size() == clause.clauses()) {
          complete.add(clause.id());
        }
      }
    }
    return complete;
  }

  /** Whether the packet still goes on after the actions. */
  private boolean apply(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.SetField set) {
        packet.put(set.oxm());
      } else if (action instanceof Action.Move move) {
        packet.putBits(move.to(), packet.bits(move.from()));
      } else if (action instanceof Action.Push push) {
        stack.push(packet.bits(push.from()));
      } else if (action instanceof Action.Pop pop) {
        packet.putBits(pop.to(), stack.pop());
      } else if (action instanceof Action.Resubmit resubmit) {
        table(resubmit.table().orElseThrow());
      } else if (action instanceof Ct ct) {
        track(ct);
      } else if (action instanceof Action.Output output) {
        output(output.port());
      } else if (action instanceof Action.CheckPktLarger check) {
        // All packets of these tests are small.
        packet.putBits(check.into(), BigInteger.ZERO);
      } else if (action instanceof Action.DecTtl) {
        int ttl = packet.number(OxmField.IP_TTL);
        if (ttl <= 1) {
          return false;
        }
        packet.put(OxmField.IP_TTL, ttl - 1);
      } else {
        throw new IllegalStateException("unknown action " + action);
      }
    }
    return true;
  }

  private void output(int port) {
    int inPort = packet.number(OxmField.IN_PORT);
    if (port == Ports.IN_PORT) {
      sent.add(new Sent(inPort, packet.copy()));
    } else if (port != inPort) {
      sent.add(new Sent(port, packet.copy()));
    }
  }

  /** The tracked packet goes on in the table; here, what tracking found is forgotten. */
  private void track(Ct ct) {
    int zone = packet.bits(((Ct.Zone.Field) ct.zone()).source()).intValueExact();
    if ((ct.flags() & Ct.COMMIT) != 0) {
      Fields kept = packet.copy();
      for (Action action : ct.actions()) {
        kept.put(((Action.SetField) action).oxm());
      }
      tracker.commit(packet, zone, kept.number(OxmField.CT_MARK));
      packet.put(OxmField.CT_ZONE, zone);
    } else {
      tracker.track(packet, zone);
    }
    tracked.add(packet.copy());
    table(ct.table().orElseThrow());
  }
}
