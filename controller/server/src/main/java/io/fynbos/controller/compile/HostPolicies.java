package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.UniverseName;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** The flows of policies on one host: of those policies that apply to an endpoint there. */
final class HostPolicies {
  private final Remembered remembered;
  private final PolicyFlows policies;
  private final Image image;
  private final HostName host;
  private final OptionalInt number;

  HostPolicies(Remembered remembered, PolicyFlows policies, HostName host) {
    this.remembered = remembered;
    this.policies = policies;
    this.image = remembered.image();
    this.host = host;
    this.number = remembered.numbers().number(host);
  }

  void all(Consumer<FlowEntry> flows) {
    Set<Identity> identities = new LinkedHashSet<>();
    Set<UniverseName> universes = new LinkedHashSet<>();
    for (EndpointRef endpoint : image.endpointsOn(host)) {
      remembered.attached(endpoint).ifPresent(attached -> identities.add(attached.identity()));
      universes.add(endpoint.universe());
    }
    identities.forEach(identity -> slots(policies.judged(identity), flows));
    universes.forEach(universe -> universe(universe, flows));
    image.fabricPolicies().forEach(ref -> rules(ref, flows));
    slots(policies.fixed(Optional.empty()), flows);
  }

  /** What the policies of a universe, and those of the fabric about it, have here. */
  void universe(UniverseName universe, Consumer<FlowEntry> flows) {
    if (number.isPresent() && remembered.present(universe, number.getAsInt())) {
      policies.policiesOf(universe).forEach(ref -> rules(ref, flows));
      shared(policies.spread(universe), flows);
    }
  }

  /** The conclusions of a policy's rules, and the counters of those that are only tried out. */
  void rules(PolicyRef ref, Consumer<FlowEntry> flows) {
    if (number.isEmpty() || !policies.hosts(ref).get(number.getAsInt())) {
      return;
    }
    for (RuleShape rule : policies.rules(ref)) {
      if (rule.conjunctive() && policies.hosts(rule).get(number.getAsInt())) {
        flows.accept(rule.conclusion());
      }
      if (rule.audited() && policies.hosts(rule).get(number.getAsInt())) {
        rule.differences(flows);
      }
    }
  }

  /** Whether the audit lane has a universe's packets of a direction here. */
  boolean audits(UniverseName universe, Direction direction) {
    return number.isPresent()
        && policies.lanes().hosts(Optional.of(universe), direction).get(number.getAsInt());
  }

  private void slots(
      NavigableMap<Slot, ? extends Collection<SharedFlow>> slots, Consumer<FlowEntry> flows) {
    slots.values().forEach(shared -> shared(shared, flows));
  }

  private void shared(Collection<SharedFlow> all, Consumer<FlowEntry> flows) {
    if (number.isEmpty()) {
      return;
    }
    for (SharedFlow shared : all) {
      List<FlowEntry> made = shared.flows(number.getAsInt());
      for (int i = 0; i < made.size(); i++) {
        flows.accept(made.get(i));
      }
    }
  }
}
