package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the br-int of each host must hold. Same arguments, same answer, to the byte. */
public final class EdgeCompiler {
  private EdgeCompiler() {}

  /** The tables of one host; empty when the image has no such host. */
  public static SwitchTables full(Image image, HostName host) {
    return tables(new HostFlows(image), host);
  }

  /** The tables of every host of the image; hosts share what is equal. */
  public static SortedMap<HostName, SwitchTables> full(Image image) {
    HostFlows flows = new HostFlows(image);
    SortedMap<HostName, SwitchTables> tables = new TreeMap<>();
    image.hosts().keySet().forEach(host -> tables.put(host, tables(flows, host)));
    return tables;
  }

  /** What the changes that lead from one image to the next make of one host's tables. */
  public static Delta delta(
      Image before, Image after, Collection<? extends Change> changes, HostName host) {
    return deltas(before, after, changes).getOrDefault(host, Delta.NONE);
  }

  /** The hosts that the changes touch, and what they make of the tables of each. */
  public static SortedMap<HostName, Delta> deltas(
      Image before, Image after, Collection<? extends Change> changes) {
    return new Deltas(before, after).of(changes);
  }

  /** The hosts whose tables the changes touch. */
  public static Set<HostName> touched(
      Image before, Image after, Collection<? extends Change> changes) {
    return deltas(before, after, changes).keySet();
  }

  private static SwitchTables tables(HostFlows flows, HostName host) {
    List<FlowEntry> all = new ArrayList<>();
    flows.all(host, all::add);
    return new SwitchTables(all, List.of());
  }
}
