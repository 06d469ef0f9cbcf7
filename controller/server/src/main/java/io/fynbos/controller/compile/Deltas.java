package io.fynbos.controller.compile;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What changes make of every host's tables. For each change it tells which owners of flows it may
 * touch, and where; the flows of just those are then worked out before and after. To name an owner
 * too many costs time only. To miss one is a bug, which the comparison with the full compile finds.
 */
final class Deltas {
  private static final Owner.PerHost ITSELF = new Owner.Itself();

  private final HostFlows before;
  private final HostFlows after;
  private final List<HostFlows> both;
  private final Map<Owner, Set<HostName>> touched = new LinkedHashMap<>();
  private final Set<PolicyRef> policiesDone = new HashSet<>();
  private final Set<OnHost> hostsDone = new HashSet<>();
  private final Set<UniverseName> maybeAudited = new LinkedHashSet<>();

  /** An identity, a universe or a policy of which a host has been looked at: many changes ask. */
  private record OnHost(HostName host, Object subject) {}

  Deltas(Image before, Image after) {
    this.before = new HostFlows(before);
    this.after = new HostFlows(after);
    this.both = List.of(this.before, this.after);
  }

  SortedMap<HostName, Delta> of(Collection<? extends Change> changes) {
    changes.forEach(this::touch);
    lanes();
    return new Differences(before, after).of(touched);
  }

  private void touch(HostName host, Owner owner) {
    touched.computeIfAbsent(owner, name -> new LinkedHashSet<>()).add(host);
  }

  private void touch(Collection<HostName> hosts, Owner owner) {
    if (!hosts.isEmpty()) {
      touched.computeIfAbsent(owner, name -> new LinkedHashSet<>()).addAll(hosts);
    }
  }

  private void touch(Change change) {
    if (change instanceof Change.UniversePut put) {
      universe(put.universe().name());
    } else if (change instanceof Change.UniverseDeleted deleted) {
      universe(deleted.name());
    } else if (change instanceof Change.EndpointPut put) {
      endpoint(put.endpoint().ref());
    } else if (change instanceof Change.EndpointDeleted deleted) {
      endpoint(deleted.ref());
    } else if (change instanceof Change.BindingPut put) {
      endpoint(put.binding().endpoint());
    } else if (change instanceof Change.BindingDeleted deleted) {
      endpoint(deleted.endpoint());
    } else if (change instanceof Change.AddressClaimed claimed) {
      sharers(claimed.universe(), claimed.address());
    } else if (change instanceof Change.AddressUnclaimed unclaimed) {
      sharers(unclaimed.universe(), unclaimed.address());
    } else if (change instanceof Change.PolicyPut put) {
      policy(put.policy().ref());
    } else if (change instanceof Change.PolicyDeleted deleted) {
      policy(deleted.ref());
    } else if (change instanceof Change.HostPut put) {
      host(put.host().name());
    } else if (change instanceof Change.HostDeleted deleted) {
      host(deleted.name());
    } else if (change instanceof Change.IdentityAdded added) {
      identity(added.identity());
    } else if (change instanceof Change.IdentityReleased released) {
      identity(released.identity());
    }
    // Groups, pools and resting numbers are in no flow: members and rules are what has flows.
  }

  private NavigableSet<HostName> hostsWith(UniverseName universe) {
    NavigableSet<HostName> hosts = new TreeSet<>(before.image().hostsWith(universe));
    hosts.addAll(after.image().hostsWith(universe));
    return hosts;
  }

  private void universe(UniverseName name) {
    touch(hostsWith(name), new Owner.Defaults(name));
  }

  // --- hosts ---------------------------------------------------------------------------------

  private void host(HostName name) {
    if (before.image().host(name).equals(after.image().host(name))) {
      return;
    }
    touch(name, ITSELF);
    for (HostFlows flows : both) {
      touch(flows.image().hosts().keySet(), new Owner.OtherHost(name));
      flows.image().endpointsOn(name).forEach(this::route);
    }
  }

  private void route(EndpointRef ref) {
    touch(hostsWith(ref.universe()), new Owner.Route(ref));
  }

  // --- endpoints -----------------------------------------------------------------------------

  private void endpoint(EndpointRef ref) {
    for (HostFlows flows : both) {
      flows.image().endpoint(ref).map(Endpoint::allowedAddresses).orElse(List.of()).stream()
          .filter(Prefix::single)
          .forEach(shared -> sharers(ref.universe(), shared.address()));
    }
    Optional<Attached> old = before.attached(ref);
    Optional<Attached> next = after.attached(ref);
    if (old.equals(next)) {
      return;
    }
    route(ref);
    maybeAudited.add(ref.universe());
    for (HostFlows flows : both) {
      Optional<Attached> attached = flows.attached(ref);
      if (attached.isPresent()) {
        arrival(attached.get().host(), ref.universe());
      }
    }
    for (Attached attached : present(old, next)) {
      touch(attached.host(), new Owner.Port(ref));
      for (Attached identity : present(old, next)) {
        judged(attached.host(), identity.identity());
      }
    }
  }

  /** Those of which one has a shared address; which one may have changed. */
  private void sharers(UniverseName universe, IpAddress address) {
    for (HostFlows flows : both) {
      for (EndpointRef ref : flows.image().allowedFor(universe, address)) {
        if (!before.attached(ref).equals(after.attached(ref))) {
          route(ref);
        }
      }
    }
  }

  private static List<Attached> present(Optional<Attached> one, Optional<Attached> other) {
    List<Attached> present = new ArrayList<>();
    one.ifPresent(present::add);
    other.ifPresent(present::add);
    return present;
  }

  /** A universe that a host has its first endpoint of, or no longer any. */
  private void arrival(HostName host, UniverseName universe) {
    if (!hostsDone.add(new OnHost(host, universe))
        || before.present(universe, host) == after.present(universe, host)) {
      return;
    }
    touch(host, new Owner.WholeUniverse(universe));
    for (HostFlows flows : both) {
      for (PolicyRef ref : flows.image().fabricPolicies()) {
        activity(host, ref);
      }
    }
  }

  /** An identity that a host may have its first endpoint of, or no longer any. */
  private void judged(HostName host, Identity identity) {
    if (!hostsDone.add(new OnHost(host, identity))) {
      return;
    }
    boolean was = before.image().hostsWith(identity).contains(host);
    boolean is = after.image().hostsWith(identity).contains(host);
    if (was == is) {
      return;
    }
    for (HostFlows flows : both) {
      PolicyFlows policies = flows.policies();
      policies.judged(identity).keySet().forEach(s -> touch(host, new Owner.Judged(identity, s)));
      for (PolicyRef ref : policies.applyingTo(identity)) {
        activity(host, ref);
      }
    }
  }

  /** A policy that may have come to apply to an endpoint of the host, or ceased to. */
  private void activity(HostName host, PolicyRef ref) {
    if (!hostsDone.add(new OnHost(host, ref))) {
      return;
    }
    boolean was = before.policies().applies(ref, host);
    boolean is = after.policies().applies(ref, host);
    if (was != is) {
      both.forEach(flows -> policyOn(List.of(host), ref, flows));
    }
  }

  // --- policies ------------------------------------------------------------------------------

  private void policy(PolicyRef ref) {
    if (!policiesDone.add(ref)) {
      return;
    }
    Set<HostName> was = hostsOf(ref, before);
    Set<HostName> is = hostsOf(ref, after);
    Set<HostName> stay = new LinkedHashSet<>(was);
    stay.retainAll(is);
    Set<HostName> comeOrGo = new LinkedHashSet<>(was);
    comeOrGo.addAll(is);
    comeOrGo.removeAll(stay);
    both.forEach(flows -> policyOn(comeOrGo, ref, flows));
    touch(stay, new Owner.Rules(ref));
    both.forEach(flows -> audited(ref, flows.image()));
    Map<Slotted, RuleShape> old = rules(ref, before);
    Map<Slotted, RuleShape> next = rules(ref, after);
    for (HostFlows flows : both) {
      boolean sameEndpoints = appliesTo(ref, before).equals(appliesTo(ref, after));
      for (RuleShape rule : rules(ref, flows).values()) {
        Optional<RuleShape> other =
            Optional.ofNullable((flows == before ? next : old).get(Slotted.of(rule)));
        if (!sameEndpoints || !rule.alike(other, Clause.Subject.JUDGED)) {
          judgedOn(rule, flows);
        }
        if (!rule.alike(other, Clause.Subject.PEERS)) {
          peersOn(stay, rule, flows);
        }
        if (!rule.alike(other, Clause.Subject.NOBODY)) {
          fixedOn(stay, rule, flows);
        }
      }
    }
  }

  private static Set<HostName> hostsOf(PolicyRef ref, HostFlows flows) {
    Set<HostName> hosts = new LinkedHashSet<>();
    for (HostName host : flows.image().hosts().keySet()) {
      if (flows.policies().applies(ref, host)) {
        hosts.add(host);
      }
    }
    return hosts;
  }

  /** A rule in a lane. */
  private record Slotted(Lane lane, int id) {
    static Slotted of(RuleShape rule) {
      return new Slotted(rule.lane(), rule.id());
    }
  }

  private static Map<Slotted, RuleShape> rules(PolicyRef ref, HostFlows flows) {
    Map<Slotted, RuleShape> rules = new LinkedHashMap<>();
    if (flows.image().policy(ref).isPresent()) {
      flows.policies().rules(ref).forEach(rule -> rules.put(Slotted.of(rule), rule));
    }
    return rules;
  }

  private static Optional<AppliesTo> appliesTo(PolicyRef ref, HostFlows flows) {
    return flows.image().policy(ref).map(Policy::appliesTo);
  }

  /** All of a policy on some hosts, but for the identities it judges. */
  private void policyOn(Collection<HostName> hosts, PolicyRef ref, HostFlows flows) {
    touch(hosts, new Owner.Rules(ref));
    for (RuleShape rule : rules(ref, flows).values()) {
      peersOn(hosts, rule, flows);
      fixedOn(hosts, rule, flows);
    }
  }

  private void judgedOn(RuleShape rule, HostFlows flows) {
    for (Identity identity : judgedBy(rule, flows)) {
      touch(flows.image().hostsWith(identity), new Owner.Judged(identity, rule.slot()));
    }
  }

  private void judgedOn(Set<HostName> hosts, RuleShape rule, HostFlows flows) {
    for (Identity identity : judgedBy(rule, flows)) {
      for (HostName host : hosts) {
        if (flows.image().hostsWith(identity).contains(host)) {
          touch(host, new Owner.Judged(identity, rule.slot()));
        }
      }
    }
  }

  private static Set<Identity> judgedBy(RuleShape rule, HostFlows flows) {
    return flows.policies().judgedIdentities(appliesTo(rule.policy(), flows).orElseThrow());
  }

  private void peersOn(Collection<HostName> hosts, RuleShape rule, HostFlows flows) {
    for (GroupRef group : rule.peerGroups()) {
      for (Identity identity : flows.image().identitiesWith(group)) {
        touch(hosts, new Owner.Peer(identity, rule.slot()));
      }
    }
  }

  private void fixedOn(Collection<HostName> hosts, RuleShape rule, HostFlows flows) {
    for (Optional<UniverseName> scope : flows.policies().scopes(rule)) {
      touch(hosts, new Owner.Fixed(scope, rule.slot()));
    }
  }

  // --- the audit lane ------------------------------------------------------------------------

  /** Notes the universes whose audit lane depends on a policy. */
  private void audited(PolicyRef ref, Image image) {
    if (image.auditingPolicies().contains(ref)) {
      AppliesTo to = image.policy(ref).orElseThrow().appliesTo();
      if (ref.universe().isPresent()) {
        maybeAudited.add(ref.universe().get());
      } else if (!to.universes().isEmpty()) {
        maybeAudited.addAll(to.universes());
      } else if (!to.groups().isEmpty()) {
        to.groups().forEach(group -> maybeAudited.add(group.universe()));
      } else {
        maybeAudited.addAll(image.universes().keySet());
      }
    }
  }

  /** Where the audit lane comes or goes, so do all rules in it. */
  private void lanes() {
    boolean nowhere = both.stream().allMatch(flows -> flows.image().auditingPolicies().isEmpty());
    if (nowhere || maybeAudited.isEmpty()) {
      return;
    }
    for (Direction direction : Direction.values()) {
      for (UniverseName universe : maybeAudited) {
        Set<HostName> changed = laneChanged(Optional.of(universe), direction);
        touch(changed, new Owner.Defaults(universe));
        both.forEach(flows -> laneOn(changed, flows.image().policiesOf(universe), flows));
      }
      Set<HostName> changed = laneChanged(Optional.empty(), direction);
      both.forEach(flows -> laneOn(changed, flows.image().fabricPolicies(), flows));
    }
  }

  /** The hosts that have the lane in one image only. */
  private Set<HostName> laneChanged(Optional<UniverseName> scope, Direction direction) {
    Set<HostName> was = laneHosts(scope, direction, before);
    Set<HostName> is = laneHosts(scope, direction, after);
    Set<HostName> changed = new LinkedHashSet<>(was);
    changed.addAll(is);
    changed.removeIf(host -> was.contains(host) && is.contains(host));
    return changed;
  }

  private static Set<HostName> laneHosts(
      Optional<UniverseName> scope, Direction direction, HostFlows flows) {
    return flows.policies().numbers().named(flows.policies().lanes().hosts(scope, direction));
  }

  private void laneOn(Set<HostName> hosts, Collection<PolicyRef> refs, HostFlows flows) {
    if (hosts.isEmpty()) {
      return;
    }
    for (PolicyRef ref : refs) {
      policyOn(hosts, ref, flows);
      for (RuleShape rule : flows.policies().rules(ref)) {
        if (rule.lane() == Lane.AUDIT) {
          judgedOn(hosts, rule, flows);
        }
      }
    }
  }

  // --- identities ----------------------------------------------------------------------------

  private void identity(Identity identity) {
    for (HostFlows flows : both) {
      IdentityEntry entry = flows.image().identities().get(identity);
      if (entry == null) {
        continue;
      }
      Set<HostName> hosts = hostsWith(entry.universe());
      touch(hosts, new Owner.Sender(identity));
      for (Slot slot : flows.policies().peers(identity).keySet()) {
        touch(hosts, new Owner.Peer(identity, slot));
      }
    }
  }
}
