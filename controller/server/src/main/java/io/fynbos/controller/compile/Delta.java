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

  /** What leads from one set of flows to another; equal flows may come more than once. */
  static Delta between(Iterable<FlowEntry> before, Iterable<FlowEntry> after) {
    Map<FlowKey, FlowEntry> old = byKey(before);
    Map<FlowKey, FlowEntry> next = byKey(after);
    List<FlowEntry> put = new ArrayList<>();
    next.forEach(
        (key, flow) -> {
          if (!flow.equals(old.remove(key))) {
            put.add(flow);
          }
        });
    List<FlowEntry> removed = new ArrayList<>(old.values());
    Comparator<FlowEntry> byKey = Comparator.comparing(FlowEntry::key);
    put.sort(byKey);
    removed.sort(byKey);
    return new Delta(put, removed);
  }

  private static Map<FlowKey, FlowEntry> byKey(Iterable<FlowEntry> flows) {
    Map<FlowKey, FlowEntry> map = new HashMap<>();
    flows.forEach(flow -> map.put(flow.key(), flow));
    return map;
  }

  public boolean isEmpty() {
    return put.isEmpty() && removed.isEmpty();
  }
}
