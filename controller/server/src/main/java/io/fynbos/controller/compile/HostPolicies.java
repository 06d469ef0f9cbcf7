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
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The flows of policies on one host: of those policies that apply to an endpoint there. */
final class HostPolicies {
  private final PolicyFlows policies;
  private final Image image;
  private final HostName host;

  HostPolicies(PolicyFlows policies, HostName host) {
    this.policies = policies;
    this.image = policies.image();
    this.host = host;
  }

  void all(Consumer<FlowEntry> flows) {
    NavigableSet<Identity> identities = new TreeSet<>();
    NavigableSet<UniverseName> universes = new TreeSet<>();
    for (EndpointRef endpoint : image.endpointsOn(host)) {
      identities.add(image.identity(endpoint));
      universes.add(endpoint.universe());
    }
    identities.forEach(identity -> slots(policies.judged(identity), flows));
    universes.forEach(universe -> universe(universe, flows));
    image.fabricPolicies().forEach(ref -> rules(ref, flows));
    slots(policies.fixed(Optional.empty()), flows);
  }

  /** What the policies of a universe, and those of the fabric about it, have here. */
  void universe(UniverseName universe, Consumer<FlowEntry> flows) {
    if (image.hostsWith(universe).contains(host)) {
      image.policiesOf(universe).forEach(ref -> rules(ref, flows));
      image.identitiesOf(universe).forEach(identity -> slots(policies.peers(identity), flows));
      slots(policies.fixed(Optional.of(universe)), flows);
    }
  }

  /** The conclusions of a policy's rules, and the counters of those that are only tried out. */
  void rules(PolicyRef ref, Consumer<FlowEntry> flows) {
    if (!policies.applies(ref, host)) {
      return;
    }
    int number = policies.numbers().number(host).orElseThrow();
    for (RuleShape rule : policies.rules(ref)) {
      if (!policies.hosts(rule).get(number)) {
        continue;
      }
      if (rule.conjunctive()) {
        flows.accept(rule.conclusion());
      }
      if (rule.audited()) {
        rule.differences(flows);
      }
    }
  }

  /** Whether the audit lane has a universe's packets of a direction here. */
  boolean audits(UniverseName universe, Direction direction) {
    OptionalInt number = policies.numbers().number(host);
    return number.isPresent()
        && policies.lanes().hosts(Optional.of(universe), direction).get(number.getAsInt());
  }

  private void slots(
      NavigableMap<Slot, ? extends Collection<SharedFlow>> slots, Consumer<FlowEntry> flows) {
    policies
        .numbers()
        .number(host)
        .ifPresent(
            number -> {
              for (Collection<SharedFlow> shared : slots.values()) {
                for (SharedFlow flow : shared) {
                  List<FlowEntry> made = flow.flows(number);
                  for (int i = 0; i < made.size(); i++) {
                    flows.accept(made.get(i));
                  }
                }
              }
            });
  }
}
