package io.fynbos.policy.reach;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Which ends of a universe a change may give another reach. Whoever is not among them has none. */
final class Touched {
  private boolean everySender;
  private boolean everyReceiver;
  private final Set<EndpointRef> senders = new HashSet<>();
  private final Set<EndpointRef> receivers = new HashSet<>();

  /** The addresses that are somebody's, or somebody else's, in one of the images only. */
  private final Set<Prefix> moved = new TreeSet<>();

  private Touched() {}

  /** The universes that a change may concern, in order: the others need not be looked at. */
  static Set<UniverseName> universes(Image before, Image after) {
    Set<UniverseName> universes = new TreeSet<>();
    differing(before.universes(), after.universes(), universes::add);
    differing(before.endpoints(), after.endpoints(), ref -> universes.add(ref.universe()));
    Set<PolicyRef> policies = new TreeSet<>();
    differing(before.policies(), after.policies(), policies::add);
    policies.forEach(ref -> ref.universe().ifPresent(universes::add));
    boolean everywhere = policies.stream().anyMatch(ref -> ref.universe().isEmpty());
    for (Image image : new Image[] {before, after}) {
      for (UniverseName name : image.universes().keySet()) {
        if (everywhere || !image.allowedOf(name).isEmpty()) {
          universes.add(name);
        }
      }
    }
    return universes;
  }

  /** Names each key of which the two maps do not hold the same. */
  private static <K extends Comparable<K>, V> void differing(
      SortedMap<K, V> before, SortedMap<K, V> after, Consumer<K> consumer) {
    before.forEach(
        (key, value) -> {
          if (!value.equals(after.get(key))) {
            consumer.accept(key);
          }
        });
    for (K key : after.keySet()) {
      if (!before.containsKey(key)) {
        consumer.accept(key);
      }
    }
  }

  static Touched of(Image before, Image after, UniverseName universe) {
    Touched touched = new Touched();
    touched.compareUniverses(before.universe(universe), after.universe(universe));
    touched.comparePolicies(before, after, universe);
    touched.compareEndpoints(before, after, universe);
    touched.compareOwners(before, after, universe);
    return touched;
  }

  private void compareUniverses(Optional<Universe> before, Optional<Universe> after) {
    boolean alike =
        before.isPresent()
            && after.isPresent()
            && before.get().prefixes().equals(after.get().prefixes())
            && before.get().internet() == after.get().internet();
    everySender |= !alike || before.get().defaultOut() != after.get().defaultOut();
    everyReceiver |= !alike || before.get().defaultIn() != after.get().defaultIn();
  }

  private void comparePolicies(Image before, Image after, UniverseName universe) {
    Set<PolicyRef> refs = new TreeSet<>();
    for (Image image : new Image[] {before, after}) {
      refs.addAll(image.fabricPolicies());
      refs.addAll(image.policiesOf(universe));
    }
    for (PolicyRef ref : refs) {
      Optional<Policy> old = before.policy(ref);
      Optional<Policy> now = after.policy(ref);
      if (!old.equals(now)) {
        old.ifPresent(policy -> add(policy, before, universe));
        now.ifPresent(policy -> add(policy, after, universe));
      }
    }
  }

  private void add(Policy policy, Image image, UniverseName universe) {
    AppliesTo to = policy.appliesTo();
    boolean here = to.universes().isEmpty() || to.universes().contains(universe);
    for (Direction direction : Direction.values()) {
      boolean rules = policy.rules().stream().map(Rule::direction).anyMatch(d -> d == direction);
      if (!here || !rules) {
        continue;
      }
      if (to.groups().isEmpty()) {
        everySender |= direction == Direction.OUT;
        everyReceiver |= direction == Direction.IN;
      }
      for (GroupRef group : to.groups()) {
        if (group.universe().equals(universe)) {
          (direction == Direction.OUT ? senders : receivers).addAll(image.endpointsOf(group));
        }
      }
    }
  }

  private void compareEndpoints(Image before, Image after, UniverseName universe) {
    Set<EndpointRef> refs = new HashSet<>(before.endpointsOf(universe));
    refs.addAll(after.endpointsOf(universe));
    for (EndpointRef ref : refs) {
      Versioned<Endpoint> old = before.endpoints().get(ref);
      Versioned<Endpoint> now = after.endpoints().get(ref);
      if (!Objects.equals(old, now)) {
        senders.add(ref);
        receivers.add(ref);
        before.endpoint(ref).ifPresent(this::addAddresses);
        after.endpoint(ref).ifPresent(this::addAddresses);
      }
    }
  }

  private void addAddresses(Endpoint endpoint) {
    endpoint.addresses().forEach(address -> moved.add(Prefix.of(address)));
    moved.addAll(endpoint.allowedAddresses());
  }

  /** Shared addresses may change hands because of a claim, or because somebody is attached. */
  private void compareOwners(Image before, Image after, UniverseName universe) {
    Set<Prefix> allowed = new TreeSet<>(before.allowedOf(universe).keySet());
    allowed.addAll(after.allowedOf(universe).keySet());
    for (Prefix prefix : allowed) {
      IpAddress address = prefix.first();
      Optional<EndpointRef> old = before.endpointAt(universe, address).map(Endpoint::ref);
      Optional<EndpointRef> now = after.endpointAt(universe, address).map(Endpoint::ref);
      if (!old.equals(now)) {
        old.ifPresent(receivers::add);
        now.ifPresent(receivers::add);
        moved.add(prefix);
      }
    }
  }

  boolean any() {
    return everySender || everyReceiver || !senders.isEmpty() || !receivers.isEmpty();
  }

  boolean sends(Optional<EndpointRef> endpoint) {
    return everySender || (endpoint.isPresent() && senders.contains(endpoint.get()));
  }

  boolean receives(Optional<EndpointRef> endpoint) {
    return everyReceiver || (endpoint.isPresent() && receivers.contains(endpoint.get()));
  }

  Set<Prefix> moved() {
    return moved;
  }
}
