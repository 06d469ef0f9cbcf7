package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The flows of an image by what they come from: the pipeline, a host, a universe, an identity, an
 * endpoint, a policy. What is the same on several hosts is made once and shared.
 */
final class HostFlows {
  private static final List<FlowEntry> FIXED = fixed();

  private final Image image;
  private final PolicyFlows policies;
  private final Map<HostName, HostPolicies> hostPolicies = new HashMap<>();
  private final Map<HostName, FlowEntry> peers = new HashMap<>();
  private final Map<UniverseName, List<FlowEntry>> universes = new HashMap<>();
  private final Map<Identity, FlowEntry> identities = new HashMap<>();
  private final Map<EndpointRef, List<FlowEntry>> routes = new HashMap<>();
  private final Map<UniverseName, List<Placed>> placed = new HashMap<>();

  /** An endpoint, where it is, and the way to it from elsewhere. */
  private record Placed(EndpointRef endpoint, HostName host, List<FlowEntry> remote) {}

  HostFlows(Image image) {
    this.image = image;
    this.policies = new PolicyFlows(image);
  }

  Image image() {
    return image;
  }

  PolicyFlows policies() {
    return policies;
  }

  private static List<FlowEntry> fixed() {
    List<FlowEntry> flows = new ArrayList<>();
    flows.addAll(Admission.fixed());
    flows.addAll(Neighbours.fixed());
    flows.addAll(ServiceAddresses.fixed());
    flows.addAll(Tracking.fixed());
    flows.addAll(Orientation.fixed());
    flows.addAll(Judgement.fixed());
    flows.addAll(Audit.fixed());
    flows.addAll(Outcome.fixed());
    flows.addAll(Delivery.fixed());
    return List.copyOf(flows);
  }

  /** All flows of a host; none when the image has no such host. */
  void all(HostName host, Consumer<FlowEntry> flows) {
    if (image.host(host).isEmpty()) {
      return;
    }
    FIXED.forEach(flows);
    image.hosts().keySet().forEach(other -> peer(other, host, flows));
    NavigableSet<UniverseName> here = new TreeSet<>();
    for (EndpointRef endpoint : image.endpointsOn(host)) {
      here.add(endpoint.universe());
      attached(endpoint, host, flows);
    }
    here.forEach(universe -> places(universe, host, flows));
    on(host).all(flows);
  }

  /** The policies' part of a host. */
  HostPolicies on(HostName host) {
    return hostPolicies.computeIfAbsent(host, name -> new HostPolicies(policies, name));
  }

  /** All that a universe has on a host, except what is about a port or a local identity. */
  void wholeUniverse(UniverseName universe, HostName host, Consumer<FlowEntry> flows) {
    places(universe, host, flows);
    on(host).universe(universe, flows);
  }

  private void places(UniverseName universe, HostName host, Consumer<FlowEntry> flows) {
    if (!present(universe, host)) {
      return;
    }
    universe(universe, host, flows);
    image.identitiesOf(universe).forEach(identity -> identity(identity, host, flows));
    for (Placed there : placed.computeIfAbsent(universe, this::place)) {
      if (there.host().equals(host)) {
        route(there.endpoint(), host, flows);
      } else {
        there.remote().forEach(flows);
      }
    }
  }

  private List<Placed> place(UniverseName universe) {
    List<Placed> found = new ArrayList<>();
    for (EndpointRef ref : image.endpointsOf(universe)) {
      image.bindingOf(ref).ifPresent(b -> found.add(new Placed(ref, b.host(), remote(ref))));
    }
    return found;
  }

  /** Whether the host has an endpoint of the universe. */
  boolean present(UniverseName universe, HostName host) {
    return image.host(host).isPresent() && image.hostsWith(universe).contains(host);
  }

  /** Another host, seen from this one. */
  void peer(HostName other, HostName host, Consumer<FlowEntry> flows) {
    Optional<Host> known = image.host(other);
    if (known.isPresent() && image.host(host).isPresent() && !other.equals(host)) {
      flows.accept(peers.computeIfAbsent(other, name -> Tunnels.peer(known.get())));
    }
  }

  /** What a universe needs on a host that has an endpoint of it. */
  void universe(UniverseName name, HostName host, Consumer<FlowEntry> flows) {
    Optional<Universe> universe = image.universe(name);
    if (universe.isPresent() && present(name, host)) {
      universes.computeIfAbsent(name, n -> make(universe.get())).forEach(flows);
      for (Direction direction : Direction.values()) {
        if (on(host).audits(name, direction)) {
          Audit.of(universe.get(), image.number(name), direction, flows);
        }
      }
    }
  }

  private List<FlowEntry> make(Universe universe) {
    List<FlowEntry> made = new ArrayList<>();
    UniverseNumber number = image.number(universe.name());
    Tracking.of(universe, number, made::add);
    Judgement.defaults(universe, number, made::add);
    Outcome.of(universe, number, made::add);
    return made;
  }

  /** An identity as a sender on another host. */
  void identity(Identity identity, HostName host, Consumer<FlowEntry> flows) {
    IdentityEntry entry = image.identities().get(identity);
    if (entry == null || !present(entry.universe(), host)) {
      return;
    }
    UniverseNumber number = image.number(entry.universe());
    if (number.equals(entry.number())) {
      flows.accept(identities.computeIfAbsent(identity, i -> Tunnels.identity(i, number)));
    }
  }

  /** An endpoint's own port, if it is on this host. */
  void attached(EndpointRef ref, HostName host, Consumer<FlowEntry> flows) {
    Attached.of(image, ref)
        .filter(endpoint -> endpoint.host().equals(host) && image.host(host).isPresent())
        .ifPresent(
            endpoint -> {
              Admission.of(endpoint, flows);
              flows.accept(Delivery.local(endpoint));
            });
  }

  /** The way to an endpoint, for a host that has one of its universe. */
  void route(EndpointRef ref, HostName host, Consumer<FlowEntry> flows) {
    if (!present(ref.universe(), host)) {
      return;
    }
    boolean here = image.bindingOf(ref).filter(b -> b.host().equals(host)).isPresent();
    if (here) {
      Attached.of(image, ref).ifPresent(endpoint -> Routes.local(endpoint, flows));
    } else {
      routes.computeIfAbsent(ref, this::remote).forEach(flows);
    }
  }

  private List<FlowEntry> remote(EndpointRef ref) {
    List<FlowEntry> made = new ArrayList<>(2);
    Attached.of(image, ref)
        .ifPresent(
            endpoint ->
                image
                    .host(endpoint.host())
                    .ifPresent(host -> Routes.remote(endpoint, host, made::add)));
    return made;
  }
}
