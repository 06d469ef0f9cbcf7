package io.fynbos.policy.image;

import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseName;
import java.util.Optional;
import java.util.SortedSet;
import org.pcollections.TreePMap;

/** Hosts, which endpoint is attached where, and who claims which shared address. */
record Placement(
    TreePMap<HostName, Versioned<Host>> hosts,
    TreePMap<IpAddress, HostName> byUnderlay,
    TreePMap<Long, HostName> byDatapath,
    TreePMap<EndpointRef, Versioned<Binding>> bindings,
    Index<HostName, EndpointRef> bound,
    TreePMap<UniverseName, TreePMap<HostName, Integer>> hostsWith,
    TreePMap<UniverseName, TreePMap<IpAddress, Versioned<EndpointRef>>> claims) {
  static final Placement EMPTY =
      new Placement(
          TreePMap.empty(),
          TreePMap.empty(),
          TreePMap.empty(),
          TreePMap.empty(),
          Index.empty(),
          TreePMap.empty(),
          TreePMap.empty());

  Placement putHost(Host host, Revision revision) {
    Placement rest = hosts.containsKey(host.name()) ? deleteHost(host.name()) : this;
    return new Placement(
        rest.hosts.plus(host.name(), new Versioned<>(host, revision)),
        rest.byUnderlay.plus(host.underlay(), host.name()),
        rest.byDatapath.plus(host.datapathId(), host.name()),
        bindings,
        bound,
        hostsWith,
        claims);
  }

  Placement deleteHost(HostName name) {
    Host host = Present.in(hosts, name).value();
    boolean ownsUnderlay = name.equals(byUnderlay.get(host.underlay()));
    boolean ownsDatapath = name.equals(byDatapath.get(host.datapathId()));
    return new Placement(
        hosts.minus(name),
        ownsUnderlay ? byUnderlay.minus(host.underlay()) : byUnderlay,
        ownsDatapath ? byDatapath.minus(host.datapathId()) : byDatapath,
        bindings,
        bound,
        hostsWith,
        claims);
  }

  Placement bind(Binding binding, Revision revision) {
    Placement rest = bindings.containsKey(binding.endpoint()) ? unbind(binding.endpoint()) : this;
    UniverseName universe = binding.endpoint().universe();
    return new Placement(
        hosts,
        byUnderlay,
        byDatapath,
        rest.bindings.plus(binding.endpoint(), new Versioned<>(binding, revision)),
        rest.bound.plus(binding.host(), binding.endpoint()),
        count(rest.hostsWith, universe, binding.host(), 1),
        claims);
  }

  Placement unbind(EndpointRef endpoint) {
    Binding binding = Present.in(bindings, endpoint).value();
    return new Placement(
        hosts,
        byUnderlay,
        byDatapath,
        bindings.minus(endpoint),
        bound.minus(binding.host(), endpoint),
        count(hostsWith, endpoint.universe(), binding.host(), -1),
        claims);
  }

  Placement claim(EndpointRef endpoint, IpAddress address, Revision revision) {
    UniverseName universe = endpoint.universe();
    return withClaims(
        claims.plus(
            universe, claimsIn(universe).plus(address, new Versioned<>(endpoint, revision))));
  }

  Placement unclaim(UniverseName universe, IpAddress address) {
    Present.in(claimsIn(universe), address);
    TreePMap<IpAddress, Versioned<EndpointRef>> rest = claimsIn(universe).minus(address);
    return withClaims(rest.isEmpty() ? claims.minus(universe) : claims.plus(universe, rest));
  }

  /** The shared addresses of a universe that are claimed, and by whom. */
  TreePMap<IpAddress, Versioned<EndpointRef>> claimsIn(UniverseName universe) {
    return claims.getOrDefault(universe, TreePMap.empty());
  }

  /** The first of the endpoints that is attached; while none is, the first. */
  Optional<EndpointRef> firstBound(SortedSet<EndpointRef> refs) {
    return refs.stream()
        .filter(bindings::containsKey)
        .findFirst()
        .or(() -> refs.stream().findFirst());
  }

  private Placement withClaims(
      TreePMap<UniverseName, TreePMap<IpAddress, Versioned<EndpointRef>>> next) {
    return new Placement(hosts, byUnderlay, byDatapath, bindings, bound, hostsWith, next);
  }

  private static TreePMap<UniverseName, TreePMap<HostName, Integer>> count(
      TreePMap<UniverseName, TreePMap<HostName, Integer>> counts,
      UniverseName universe,
      HostName host,
      int step) {
    TreePMap<HostName, Integer> before = counts.getOrDefault(universe, TreePMap.empty());
    int endpoints = before.getOrDefault(host, 0) + step;
    TreePMap<HostName, Integer> after =
        endpoints == 0 ? before.minus(host) : before.plus(host, endpoints);
    return after.isEmpty() ? counts.minus(universe) : counts.plus(universe, after);
  }
}
