package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What changes in one switch. No key stands twice. The order is the same for the same images, but
 * means nothing.
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
  static Delta between(Collection<FlowEntry> before, Collection<FlowEntry> after) {
    if (before.isEmpty() && after.isEmpty()) {
      return NONE;
    }
    Map<FlowKey, FlowEntry> old = byKey(before);
    List<FlowEntry> put = new ArrayList<>();
    byKey(after)
        .forEach(
            (key, flow) -> {
              if (!flow.equals(old.remove(key))) {
                put.add(flow);
              }
            });
    return new Delta(put, List.copyOf(old.values()));
  }

  /** Several at once; where parts may overlap they say the same. */
  static Delta of(List<Delta> parts, boolean overlapping) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    List<FlowEntry> put = new ArrayList<>();
    List<FlowEntry> removed = new ArrayList<>();
    for (Delta part : parts) {
      put.addAll(part.put());
      removed.addAll(part.removed());
    }
    return overlapping
        ? new Delta(List.copyOf(byKey(put).values()), List.copyOf(byKey(removed).values()))
        : new Delta(put, removed);
  }

  private static Map<FlowKey, FlowEntry> byKey(Collection<FlowEntry> flows) {
    Map<FlowKey, FlowEntry> map = new LinkedHashMap<>();
    flows.forEach(flow -> map.put(flow.key(), flow));
    return map;
  }

  public boolean isEmpty() {
    return put.isEmpty() && removed.isEmpty();
  }
}
