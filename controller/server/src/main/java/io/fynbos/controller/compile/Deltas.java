package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What changes make of every host's tables. For each change it tells which owners of flows it may
 * touch, and where; the flows of just those are then worked out before and after. To name an owner
 * too many costs time only. To miss one is a bug, which the comparison with the full compile finds.
 */
final class Deltas {
  private static final Owner ITSELF = new Owner.Itself();

  private final HostFlows before;
  private final HostFlows after;
  private final List<HostFlows> both;
  private final SortedMap<HostName, Set<Owner>> touched = new TreeMap<>();
  private final Set<PolicyRef> policiesDone = new HashSet<>();

  Deltas(Image before, Image after) {
    this.before = new HostFlows(before);
    this.after = new HostFlows(after);
    this.both = List.of(this.before, this.after);
  }

  SortedMap<HostName, Delta> of(Collection<? extends Change> changes) {
    changes.forEach(this::touch);
    SortedMap<HostName, Delta> deltas = new TreeMap<>();
    for (var entry : touched.entrySet()) {
      HostName host = entry.getKey();
      Set<Owner> owners = entry.getValue();
      Delta delta = delta(host, owners.contains(ITSELF) ? Set.of(ITSELF) : owners);
      if (!delta.isEmpty()) {
        deltas.put(host, delta);
      }
    }
    return deltas;
  }

  private Delta delta(HostName host, Set<Owner> owners) {
    List<FlowEntry> old = new ArrayList<>();
    List<FlowEntry> next = new ArrayList<>();
    for (Owner owner : owners) {
      owner.flows(before, host, old::add);
      owner.flows(after, host, next::add);
    }
    return Delta.between(old, next);
  }

  private void touch(HostName host, Owner owner) {
    touched.computeIfAbsent(host, name -> new LinkedHashSet<>()).add(owner);
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
    hostsWith(name).forEach(host -> touch(host, new Owner.Defaults(name)));
  }

  // --- hosts ---------------------------------------------------------------------------------

  private void host(HostName name) {
    if (before.image().host(name).equals(after.image().host(name))) {
      return;
    }
    touch(name, ITSELF);
    for (HostFlows flows : both) {
      flows.image().hosts().keySet().forEach(host -> touch(host, new Owner.OtherHost(name)));
      flows.image().endpointsOn(name).forEach(this::route);
    }
  }

  private void route(EndpointRef ref) {
    hostsWith(ref.universe()).forEach(host -> touch(host, new Owner.Route(ref)));
  }

  // --- endpoints -----------------------------------------------------------------------------

  private void endpoint(EndpointRef ref) {
    Optional<Attached> old = Attached.of(before.image(), ref);
    Optional<Attached> next = Attached.of(after.image(), ref);
    if (old.equals(next)) {
      return;
    }
    route(ref);
    for (HostFlows flows : both) {
      Optional<Attached> attached = Attached.of(flows.image(), ref);
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

  private static List<Attached> present(Optional<Attached> one, Optional<Attached> other) {
    List<Attached> present = new ArrayList<>();
    one.ifPresent(present::add);
    other.ifPresent(present::add);
    return present;
  }

  /** A universe that a host has its first endpoint of, or no longer any. */
  private void arrival(HostName host, UniverseName universe) {
    if (before.present(universe, host) == after.present(universe, host)) {
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
    boolean was = before.policies().hosts(ref).contains(host);
    boolean is = after.policies().hosts(ref).contains(host);
    if (was != is) {
      both.forEach(flows -> policyOn(host, ref, flows));
    }
  }

  // --- policies ------------------------------------------------------------------------------

  private void policy(PolicyRef ref) {
    if (!policiesDone.add(ref)) {
      return;
    }
    Set<HostName> hosts = new TreeSet<>(before.policies().hosts(ref));
    hosts.addAll(after.policies().hosts(ref));
    for (HostFlows flows : both) {
      hosts.forEach(host -> policyOn(host, ref, flows));
      judgedBy(ref, flows);
    }
  }

  private void judgedBy(PolicyRef ref, HostFlows flows) {
    Optional<Policy> policy = flows.image().policy(ref);
    if (policy.isEmpty()) {
      return;
    }
    AppliesTo to = policy.get().appliesTo();
    for (Identity identity : flows.policies().judgedIdentities(to)) {
      for (HostName host : flows.image().hostsWith(identity)) {
        for (RuleShape rule : flows.policies().rules(ref)) {
          touch(host, new Owner.Judged(identity, rule.slot()));
        }
      }
    }
  }

  /** All of a policy on a host, but for the identities it judges. */
  private void policyOn(HostName host, PolicyRef ref, HostFlows flows) {
    if (flows.image().policy(ref).isEmpty()) {
      return;
    }
    touch(host, new Owner.Rules(ref));
    for (RuleShape rule : flows.policies().rules(ref)) {
      for (GroupRef group : rule.peerGroups()) {
        for (Identity identity : flows.image().identitiesWith(group)) {
          touch(host, new Owner.Peer(identity, rule.slot()));
        }
      }
      for (Optional<UniverseName> scope : flows.policies().scopes(rule)) {
        touch(host, new Owner.Fixed(scope, rule.slot()));
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
      hosts.forEach(host -> touch(host, new Owner.Sender(identity)));
      for (Slot slot : flows.policies().peers(identity).keySet()) {
        hosts.forEach(host -> touch(host, new Owner.Peer(identity, slot)));
      }
    }
  }
}
