package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.UniverseName;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The flows of policies on one host: of those policies that apply to an endpoint there. */
final class HostPolicies {
  private final PolicyFlows policies;
  private final Image image;
  private final HostName host;
  private final boolean known;

  HostPolicies(PolicyFlows policies, HostName host) {
    this.policies = policies;
    this.image = policies.image();
    this.host = host;
    this.known = image.host(host).isPresent();
  }

  void all(Consumer<FlowEntry> flows) {
    NavigableSet<Identity> identities = new TreeSet<>();
    NavigableSet<UniverseName> universes = new TreeSet<>();
    for (EndpointRef endpoint : image.endpointsOn(host)) {
      identities.add(image.identity(endpoint));
      universes.add(endpoint.universe());
    }
    for (Identity identity : identities) {
      policies.judged(identity).values().forEach(shared -> active(shared, flows));
    }
    universes.forEach(universe -> universe(universe, flows));
    image.fabricPolicies().forEach(ref -> rules(ref, flows));
    policies.fixed(Optional.empty()).values().forEach(shared -> active(shared, flows));
  }

  /** What the policies of a universe, and those of the fabric about it, have here. */
  void universe(UniverseName universe, Consumer<FlowEntry> flows) {
    if (!present(universe)) {
      return;
    }
    image.policiesOf(universe).forEach(ref -> rules(ref, flows));
    for (Identity identity : image.identitiesOf(universe)) {
      policies.peers(identity).values().forEach(shared -> active(shared, flows));
    }
    policies.fixed(Optional.of(universe)).values().forEach(shared -> active(shared, flows));
  }

  /** The conclusions of a policy's rules. */
  void rules(PolicyRef ref, Consumer<FlowEntry> flows) {
    if (known && policies.hosts(ref).contains(host)) {
      for (RuleShape rule : policies.rules(ref)) {
        if (rule.conjunctive()) {
          flows.accept(rule.conclusion());
        }
      }
    }
  }

  void judged(Identity identity, Slot slot, Consumer<FlowEntry> flows) {
    if (image.hostsWith(identity).contains(host)) {
      active(policies.judged(identity).getOrDefault(slot, List.of()), flows);
    }
  }

  void peer(Identity identity, Slot slot, Consumer<FlowEntry> flows) {
    IdentityEntry entry = image.identities().get(identity);
    if (entry != null && present(entry.universe())) {
      active(policies.peers(identity).getOrDefault(slot, List.of()), flows);
    }
  }

  void fixed(Optional<UniverseName> scope, Slot slot, Consumer<FlowEntry> flows) {
    if (scope.isEmpty() || present(scope.get())) {
      active(policies.fixed(scope).getOrDefault(slot, List.of()), flows);
    }
  }

  private boolean present(UniverseName universe) {
    return known && image.hostsWith(universe).contains(host);
  }

  private void active(Collection<SharedFlow> shared, Consumer<FlowEntry> flows) {
    if (!known) {
      return;
    }
    for (SharedFlow flow : shared) {
      flow.flows(rule -> policies.hosts(rule.policy()).contains(host)).forEach(flows);
    }
  }
}
