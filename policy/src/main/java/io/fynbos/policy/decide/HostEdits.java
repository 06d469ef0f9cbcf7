package io.fynbos.policy.decide;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Prefix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts and deletes of hosts. */
final class HostEdits {
  private static final List<Prefix> UNUSABLE =
      List.of(Prefix.parse("0.0.0.0/8"), Prefix.parse("127.0.0.0/8"), Prefix.parse("224.0.0.0/3"));

  private HostEdits() {}

  static Optional<Refusal> plan(Plan plan, List<Host> hosts, List<HostName> gone) {
    for (HostName name : gone) {
      plan.image().endpointsOn(name).forEach(ref -> plan.addAll(Claims.unbind(plan.image(), ref)));
      plan.add(new Change.HostDeleted(name));
    }
    Optional<Refusal> refusal = check(plan.image(), hosts);
    if (refusal.isPresent()) {
      return refusal;
    }
    for (Host host : hosts) {
      if (!plan.before().host(host.name()).equals(Optional.of(host))) {
        plan.add(new Change.HostPut(host));
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> check(Image image, List<Host> hosts) {
    Set<HostName> put = new HashSet<>();
    hosts.forEach(host -> put.add(host.name()));
    Map<IpAddress, HostName> underlays = new HashMap<>();
    Map<Long, HostName> datapaths = new HashMap<>();
    for (Host host : hosts) {
      if (host.underlay().v6()) {
        return Optional.of(new FabricRefusal.UnderlayNotIpv4(host.name(), host.underlay()));
      }
      if (UNUSABLE.stream().anyMatch(prefix -> prefix.contains(host.underlay()))) {
        return Optional.of(new FabricRefusal.UnderlayUnusable(host.name(), host.underlay()));
      }
      Optional<HostName> underlayOwner =
          Optional.ofNullable(underlays.putIfAbsent(host.underlay(), host.name()))
              .or(() -> staying(image.hostAt(host.underlay()), put));
      if (underlayOwner.isPresent()) {
        return Optional.of(
            new FabricRefusal.UnderlayTaken(host.name(), host.underlay(), underlayOwner.get()));
      }
      Optional<HostName> datapathOwner =
          Optional.ofNullable(datapaths.putIfAbsent(host.datapathId(), host.name()))
              .or(() -> staying(image.hostWithDatapath(host.datapathId()), put));
      if (datapathOwner.isPresent()) {
        return Optional.of(
            new FabricRefusal.DatapathTaken(host.name(), host.datapathId(), datapathOwner.get()));
      }
    }
    return Optional.empty();
  }

  /** The owner, unless the same call puts it anew. */
  private static Optional<HostName> staying(Optional<Host> owner, Set<HostName> put) {
    return owner.map(Host::name).filter(name -> !put.contains(name));
  }
}
