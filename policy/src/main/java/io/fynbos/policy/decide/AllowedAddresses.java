package io.fynbos.policy.decide;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Document.EndpointDocument;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;

/**
 * What must hold of the addresses that endpoints are allowed besides their own: they are inside the
 * universe, none is another endpoint's own, and only single ones are shared. It is judged by the
 * state that all edits lead to.
 */
final class AllowedAddresses {
  private final Plan plan;

  /** What the documents of this call ask for, which assigned addresses keep out of. */
  private final Map<UniverseName, TreeSet<Prefix>> wished = new HashMap<>();

  AllowedAddresses(Plan plan) {
    this.plan = plan;
  }

  /** Notes what a document asks for. */
  void wish(EndpointDocument document) {
    if (!document.allowedAddresses().isEmpty()) {
      wished
          .computeIfAbsent(document.key().universe(), universe -> new TreeSet<>())
          .addAll(document.allowedAddresses());
    }
  }

  /** The lowest address of the prefix that nobody has and nobody is allowed. */
  Optional<IpAddress> lowestFreeAddress(UniverseName universe, Prefix prefix) {
    IpAddress from = prefix.first();
    while (true) {
      Optional<IpAddress> free = plan.image().lowestFreeAddress(universe, from, prefix.last());
      if (free.isEmpty()) {
        return free;
      }
      IpAddress address = free.get();
      Optional<Prefix> around =
          plan.image().allowedAround(universe, address).or(() -> wishedAround(universe, address));
      if (around.isEmpty()) {
        return free;
      }
      IpAddress last = around.get().last();
      if (last.compareTo(prefix.last()) >= 0) {
        return Optional.empty();
      }
      from = last.next();
    }
  }

  private Optional<Prefix> wishedAround(UniverseName universe, IpAddress address) {
    return Optional.ofNullable(wished.get(universe))
        .map(prefixes -> prefixes.floor(Prefix.of(address)))
        .filter(prefix -> prefix.contains(address));
  }

  /** The first of the endpoints that were put that breaks what must hold, if one does. */
  Optional<Refusal> check(Collection<EndpointRef> put) {
    if (put.stream().allMatch(ref -> plan.image().allowedOf(ref.universe()).isEmpty())) {
      return Optional.empty();
    }
    for (EndpointRef ref : new TreeSet<>(put)) {
      Endpoint endpoint = plan.image().endpoint(ref).orElseThrow();
      for (Prefix allowed : endpoint.allowedAddresses()) {
        Optional<Refusal> refusal = check(endpoint, allowed);
        if (refusal.isPresent()) {
          return refusal;
        }
      }
    }
    for (EndpointRef ref : new TreeSet<>(put)) {
      for (IpAddress address : plan.image().endpoint(ref).orElseThrow().addresses()) {
        Optional<EndpointRef> other = other(plan.image().allowedFor(ref.universe(), address), ref);
        if (other.isPresent()) {
          return Optional.of(new EndpointRefusal.AddressAllowed(ref, address, other.get()));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Refusal> check(Endpoint endpoint, Prefix allowed) {
    EndpointRef ref = endpoint.ref();
    Universe universe = plan.image().universe(ref.universe()).orElseThrow();
    if (!universe.contains(allowed)) {
      return Optional.of(new EndpointRefusal.AllowedOutside(ref, allowed, universe.prefixes()));
    }
    Optional<EndpointRef> owner =
        other(
            plan.image()
                .addressesOf(ref.universe())
                .subMap(allowed.first(), true, allowed.last(), true)
                .values(),
            ref);
    if (owner.isPresent()) {
      return Optional.of(new EndpointRefusal.AllowedTaken(ref, allowed, owner.get()));
    }
    return shared(ref, allowed)
        .map(other -> new EndpointRefusal.AllowedShared(ref, allowed, other));
  }

  /** Another endpoint that is allowed part of the prefix, unless both are the same one address. */
  private Optional<EndpointRef> shared(EndpointRef ref, Prefix allowed) {
    PSortedMap<Prefix, ? extends PSortedSet<EndpointRef>> all =
        plan.image().allowedOf(ref.universe());
    for (int length = 0; length < allowed.length(); length++) {
      Optional<EndpointRef> other =
          Optional.ofNullable(all.get(allowed.shortened(length))).flatMap(refs -> other(refs, ref));
      if (other.isPresent()) {
        return other;
      }
    }
    if (allowed.single()) {
      return Optional.empty();
    }
    return all.subMap(allowed, true, Prefix.of(allowed.last()), true).values().stream()
        .flatMap(refs -> other(refs, ref).stream())
        .findFirst();
  }

  private static Optional<EndpointRef> other(Collection<EndpointRef> refs, EndpointRef ref) {
    return refs.stream().filter(other -> !other.equals(ref)).findFirst();
  }

  /** Why the universe's new prefixes do not do for what its endpoints are allowed, if so. */
  static Optional<Refusal> leftOut(Image image, Universe universe) {
    return image.allowedOf(universe.name()).entrySet().stream()
        .filter(entry -> !universe.contains(entry.getKey()))
        .findFirst()
        .map(
            entry ->
                new UniverseRefusal.AllowedInUse(
                    universe.name(), entry.getValue().first(), entry.getKey()));
  }
}
