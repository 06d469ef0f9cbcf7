package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowKey;
import io.fynbos.openflow.wire.GroupEntry;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All flows and groups that the controller wants in one switch.
 *
 * @param flows sorted by their keys, of which each stands once
 */
public record SwitchTables(List<FlowEntry> flows, List<GroupEntry> groups) {
  public static final SwitchTables EMPTY = new SwitchTables(List.of(), List.of());

  public SwitchTables {
    flows = List.copyOf(flows);
    groups = List.copyOf(groups);
  }

  /** Tables of these flows, in any order. Two with the same key are a bug, and throw. */
  static SwitchTables of(Collection<FlowEntry> flows) {
    List<FlowEntry> sorted = flows.stream().sorted(Comparator.comparing(FlowEntry::key)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i - 1).key().equals(sorted.get(i).key())) {
        throw new IllegalStateException(
            "two flows with one key: %s and %s".formatted(sorted.get(i - 1), sorted.get(i)));
      }
    }
    return new SwitchTables(sorted, List.of());
  }

  /** The flows by their keys. */
  public Map<FlowKey, FlowEntry> byKey() {
    Map<FlowKey, FlowEntry> map = new HashMap<>(flows.size() * 2);
    flows.forEach(flow -> map.put(flow.key(), flow));
    return map;
  }

  /** These tables with a delta carried out. */
  public SwitchTables with(Delta delta) {
    Map<FlowKey, FlowEntry> map = byKey();
    delta.removed().forEach(flow -> map.remove(flow.key()));
    delta.put().forEach(flow -> map.put(flow.key(), flow));
    return new SwitchTables(of(map.values()).flows(), groups);
  }
}
