package io.fynbos.controller.reconcile;

import io.fynbos.controller.compile.Delta;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowKey;
import io.fynbos.openflow.wire.Mod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Deltas that wait for a switch, folded into one: of each flow only the last word counts. */
final class Pending {

  /** Flows; past it, reading the switch back is no more work. */
  static final int FLOWS_MAX = 200_000;

  private final Map<FlowKey, Optional<FlowEntry>> last = new HashMap<>();
  private final Set<Long> rules = new TreeSet<>();

  void add(Delta delta) {
    delta.removed().forEach(flow -> note(flow, Optional.empty()));
    delta.put().forEach(flow -> note(flow, Optional.of(flow)));
  }

  private void note(FlowEntry flow, Optional<FlowEntry> next) {
    last.put(flow.key(), next);
    if (RuleCounts.counting(flow.cookie())) {
      rules.add(flow.cookie());
    }
  }

  boolean isEmpty() {
    return last.isEmpty();
  }

  boolean full() {
    return last.size() > FLOWS_MAX;
  }

  void clear() {
    last.clear();
    rules.clear();
  }

  /** The cookies of the flows that wait, of those that count for a rule. */
  Set<Long> rules() {
    return Set.copyOf(rules);
  }

  /** What waits, as one bundle in the order of the keys; nothing waits any more. */
  List<Mod> take() {
    List<FlowKey> keys = new ArrayList<>(last.keySet());
    keys.sort(null);
    List<Mod> mods = new ArrayList<>();
    for (FlowKey key : keys) {
      Optional<FlowEntry> flow = last.getOrDefault(key, Optional.empty());
      mods.add(flow.isPresent() ? new Mod.FlowAdd(flow.get()) : new Mod.FlowDeleteStrict(key));
    }
    clear();
    return mods;
  }
}
