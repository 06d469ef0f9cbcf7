package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What changes in one switch. Both lists are sorted by key.
 *
 * @param put flows that are new, or take the place of one with the same key
 * @param removed flows that are no more
 */
public record Delta(List<FlowEntry> put, List<FlowEntry> removed) {
  public static final Delta NONE = new Delta(List.of(), List.of());

  public Delta {
    put = List.copyOf(put);
    removed = List.copyOf(removed);
  }

  /** What leads from one set of flows to another. */
  static Delta between(Iterable<FlowEntry> before, Iterable<FlowEntry> after) {
    Map<FlowKey, FlowEntry> old = new HashMap<>();
    before.forEach(flow -> old.put(flow.key(), flow));
    List<FlowEntry> put = new ArrayList<>();
    for (FlowEntry flow : after) {
      FlowEntry same = old.remove(flow.key());
      if (!flow.equals(same)) {
        put.add(flow);
      }
    }
    List<FlowEntry> removed = new ArrayList<>(old.values());
    Comparator<FlowEntry> byKey = Comparator.comparing(FlowEntry::key);
    put.sort(byKey);
    removed.sort(byKey);
    return new Delta(put, removed);
  }

  public boolean isEmpty() {
    return put.isEmpty() && removed.isEmpty();
  }
}
