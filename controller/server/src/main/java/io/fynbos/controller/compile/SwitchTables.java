package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowKey;
import io.fynbos.openflow.wire.GroupEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All flows and groups that the controller wants in one switch.
 *
 * @param flows each key once, in the order of their making, which is the same for the same image;
 *     {@link #sorted} has them in the order of their keys, which large tables cannot afford always
 */
public record SwitchTables(List<FlowEntry> flows, List<GroupEntry> groups) {
  public static final SwitchTables EMPTY = new SwitchTables(List.of(), List.of());

  public SwitchTables {
    flows = List.copyOf(flows);
    groups = List.copyOf(groups);
  }

  /** The flows by their keys. */
  public Map<FlowKey, FlowEntry> byKey() {
    Map<FlowKey, FlowEntry> map = new HashMap<>(flows.size() * 2);
    flows.forEach(flow -> map.put(flow.key(), flow));
    return map;
  }

  /** The flows in the order of their keys. Two with the same key are a bug, and throw. */
  public List<FlowEntry> sorted() {
    TreeMap<FlowKey, FlowEntry> map = new TreeMap<>();
    for (FlowEntry flow : flows) {
      FlowEntry same = map.put(flow.key(), flow);
      if (same != null) {
        throw new IllegalStateException("two flows with one key: %s and %s".formatted(same, flow));
      }
    }
    return List.copyOf(map.values());
  }

  /** These tables with a delta carried out, sorted. */
  public SwitchTables with(Delta delta) {
    TreeMap<FlowKey, FlowEntry> map = new TreeMap<>(byKey());
    delta.removed().forEach(flow -> map.remove(flow.key()));
    delta.put().forEach(flow -> map.put(flow.key(), flow));
    return new SwitchTables(List.copyOf(map.values()), groups);
  }
}
