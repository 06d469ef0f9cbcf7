package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The flows of an image by what they come from: the pipeline, a host, a universe, an identity, an
 * endpoint, a policy. What is the same on several hosts is made once and shared.
 */
final class HostFlows {
  private static final List<FlowEntry> FIXED = fixed();

  private final Image image;
  private final Remembered remembered;
  private final PolicyFlows policies;
  private final Map<HostName, HostPolicies> hostPolicies = new HashMap<>();
  private final Map<HostName, FlowEntry> peers = new HashMap<>();
  private final Map<UniverseName, List<FlowEntry>> universes = new HashMap<>();
  private final Map<Identity, Optional<FlowEntry>> identities = new HashMap<>();
  private final Map<EndpointRef, List<FlowEntry>> routes = new HashMap<>();
  private final Map<UniverseName, Places> places = new HashMap<>();

  /** An endpoint, and the way to it from elsewhere. */
  private record Placed(Attached endpoint, List<FlowEntry> remote) {}

  /** Who may send in a universe, and where its endpoints are. */
  private record Places(List<FlowEntry> senders, List<Placed> endpoints) {}

  HostFlows(Image image) {
    this.image = image;
    this.remembered = new Remembered(image);
    this.policies = new PolicyFlows(remembered);
  }

  Image image() {
    return image;
  }

  PolicyFlows policies() {
    return policies;
  }

  /** The endpoint, if it is attached. */
  Optional<Attached> attached(EndpointRef ref) {
    return remembered.attached(ref);
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
    if (!has(host)) {
      return;
    }
    FIXED.forEach(flows);
    for (HostName other : remembered.numbers().names()) {
      peer(other, host, flows);
    }
    Set<UniverseName> here = new LinkedHashSet<>();
    for (EndpointRef endpoint : image.endpointsOn(host)) {
      here.add(endpoint.universe());
      attached(endpoint, host, flows);
    }
    here.forEach(universe -> places(universe, host, flows));
    on(host).all(flows);
  }

  private boolean has(HostName host) {
    return remembered.numbers().number(host).isPresent();
  }

  /** The policies' part of a host. */
  HostPolicies on(HostName host) {
    return hostPolicies.computeIfAbsent(host, name -> new HostPolicies(remembered, policies, name));
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
    Places known = places.computeIfAbsent(universe, this::place);
    known.senders().forEach(flows);
    for (Placed there : known.endpoints()) {
      if (there.endpoint().host().equals(host)) {
        Routes.local(there.endpoint(), flows);
      } else {
        there.remote().forEach(flows);
      }
    }
  }

  private Places place(UniverseName universe) {
    List<FlowEntry> senders = new ArrayList<>();
    image.identitiesOf(universe).forEach(i -> sender(i).ifPresent(senders::add));
    List<Placed> endpoints = new ArrayList<>();
    for (EndpointRef ref : image.endpointsOf(universe)) {
      attached(ref).ifPresent(endpoint -> endpoints.add(new Placed(endpoint, remote(endpoint))));
    }
    return new Places(senders, endpoints);
  }

  /** Whether the host has an endpoint of the universe. */
  boolean present(UniverseName universe, HostName host) {
    return remembered.present(universe, host);
  }

  /** Another host, seen from this one. */
  void peer(HostName other, HostName host, Consumer<FlowEntry> flows) {
    if (has(other) && has(host) && !other.equals(host)) {
      flows.accept(
          peers.computeIfAbsent(other, name -> Tunnels.peer(image.host(name).orElseThrow())));
    }
  }

  /** What a universe needs on a host that has an endpoint of it. */
  void universe(UniverseName name, HostName host, Consumer<FlowEntry> flows) {
    if (!present(name, host)) {
      return;
    }
    universes.computeIfAbsent(name, this::make).forEach(flows);
    for (Direction direction : Direction.values()) {
      if (on(host).audits(name, direction)) {
        Audit.of(image.universe(name).orElseThrow(), number(name), direction, flows);
      }
    }
  }

  private UniverseNumber number(UniverseName name) {
    return remembered.number(name).orElseThrow();
  }

  private List<FlowEntry> make(UniverseName name) {
    Universe universe = image.universe(name).orElseThrow();
    List<FlowEntry> made = new ArrayList<>();
    UniverseNumber number = number(name);
    Tracking.of(universe, number, made::add);
    Judgement.defaults(universe, number, made::add);
    Outcome.of(universe, number, made::add);
    return made;
  }

  /** An identity as a sender on another host. */
  void identity(Identity identity, HostName host, Consumer<FlowEntry> flows) {
    IdentityEntry entry = image.identities().get(identity);
    if (entry != null && present(entry.universe(), host)) {
      sender(identity).ifPresent(flows);
    }
  }

  private Optional<FlowEntry> sender(Identity identity) {
    return identities.computeIfAbsent(
        identity,
        i ->
            Optional.ofNullable(image.identities().get(i))
                .filter(entry -> number(entry.universe()).equals(entry.number()))
                .map(entry -> Tunnels.identity(i, entry.number())));
  }

  /** An endpoint's own port, if it is on this host. */
  void attached(EndpointRef ref, HostName host, Consumer<FlowEntry> flows) {
    attached(ref)
        .filter(endpoint -> endpoint.host().equals(host) && has(host))
        .ifPresent(
            endpoint -> {
              Admission.of(endpoint, flows);
              flows.accept(Delivery.local(endpoint));
            });
  }

  /** The way to an endpoint, for a host that has one of its universe. */
  void route(EndpointRef ref, HostName host, Consumer<FlowEntry> flows) {
    Optional<Attached> endpoint = attached(ref);
    if (endpoint.isEmpty() || !present(ref.universe(), host)) {
      return;
    }
    if (endpoint.get().host().equals(host)) {
      Routes.local(endpoint.get(), flows);
    } else {
      routes.computeIfAbsent(ref, r -> remote(endpoint.get())).forEach(flows);
    }
  }

  private List<FlowEntry> remote(Attached endpoint) {
    List<FlowEntry> made = new ArrayList<>(2);
    image.host(endpoint.host()).ifPresent(host -> Routes.remote(endpoint, host, made::add));
    return made;
  }
}
