package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.model.HostName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The difference that owners make between two images, on each host. */
final class Differences {
  private final HostFlows before;
  private final HostFlows after;
  private final Map<HostName, Written> written = new HashMap<>();
  private final Map<HostName, List<Delta>> found = new HashMap<>();

  /**
   * What owners that are written out for a host had and have there. They are compared together,
   * since a key may pass from one to another, as a port number or an address does.
   */
  private record Written(List<FlowEntry> old, List<FlowEntry> next) {}

  /** Hosts on which owners overlap, so that the differences must be told apart by key. */
  private final Set<HostName> overlapping = new HashSet<>();

  Differences(HostFlows before, HostFlows after) {
    this.before = before;
    this.after = after;
  }

  SortedMap<HostName, Delta> of(Map<Owner, Set<HostName>> touched) {
    Set<HostName> whole = touched.getOrDefault(new Owner.Itself(), Set.of());
    touched.forEach(
        (owner, hosts) -> {
          boolean itself = owner instanceof Owner.Itself;
          List<HostName> rest =
              hosts.stream().filter(host -> itself || !whole.contains(host)).toList();
          if (owner instanceof Owner.PerHost perHost) {
            rest.forEach(host -> perHost(perHost, host));
          } else if (owner instanceof Owner.Shared shared) {
            shared(shared, rest);
          }
        });
    written.forEach((host, lists) -> add(host, Delta.between(lists.old(), lists.next())));
    SortedMap<HostName, Delta> deltas = new TreeMap<>();
    found.forEach((host, parts) -> deltas.put(host, Delta.of(parts, overlapping.contains(host))));
    return deltas;
  }

  private void add(HostName host, Delta delta) {
    if (!delta.isEmpty()) {
      found.computeIfAbsent(host, name -> new ArrayList<>()).add(delta);
    }
  }

  private void perHost(Owner.PerHost owner, HostName host) {
    Written lists =
        written.computeIfAbsent(host, name -> new Written(new ArrayList<>(), new ArrayList<>()));
    owner.flows(before, host, lists.old()::add);
    owner.flows(after, host, lists.next()::add);
    if (owner instanceof Owner.WholeUniverse) {
      overlapping.add(host);
    }
  }

  /** Hosts that have the same rules have the same lists, and the same difference. */
  private void shared(Owner.Shared owner, List<HostName> hosts) {
    Map<SharedFlow.Place, SharedFlow[]> places = new LinkedHashMap<>();
    for (SharedFlow flow : owner.flows(before.policies())) {
      places.computeIfAbsent(flow.place(), place -> new SharedFlow[2])[0] = flow;
    }
    for (SharedFlow flow : owner.flows(after.policies())) {
      places.computeIfAbsent(flow.place(), place -> new SharedFlow[2])[1] = flow;
    }
    boolean[] was = new boolean[hosts.size()];
    boolean[] is = new boolean[hosts.size()];
    for (int i = 0; i < hosts.size(); i++) {
      was[i] = owner.on(before, hosts.get(i));
      is[i] = owner.on(after, hosts.get(i));
    }
    for (SharedFlow[] pair : places.values()) {
      IdentityHashMap<List<FlowEntry>, IdentityHashMap<List<FlowEntry>, Delta>> known =
          new IdentityHashMap<>();
      for (int i = 0; i < hosts.size(); i++) {
        List<FlowEntry> old = was[i] ? flows(pair[0], before, hosts.get(i)) : List.of();
        List<FlowEntry> next = is[i] ? flows(pair[1], after, hosts.get(i)) : List.of();
        add(
            hosts.get(i),
            known
                .computeIfAbsent(old, list -> new IdentityHashMap<>())
                .computeIfAbsent(next, list -> Delta.between(old, next)));
      }
    }
  }

  private static List<FlowEntry> flows(@Nullable SharedFlow flow, HostFlows flows, HostName host) {
    OptionalInt number = flows.policies().numbers().number(host);
    return flow == null || number.isEmpty() ? List.of() : flow.flows(number.getAsInt());
  }
}
