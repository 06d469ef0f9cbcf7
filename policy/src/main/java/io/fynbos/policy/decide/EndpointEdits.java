package io.fynbos.policy.decide;

import io.fynbos.policy.identity.Allocation;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Document.EndpointDocument;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.PublicAddress;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Puts and deletes of endpoints. What is absent in a document keeps the value that the endpoint
 * has, or is assigned. Two endpoints of one batch may exchange addresses: what counts is who has
 * them in the end.
 */
final class EndpointEdits {
  /** The router's MAC, the same everywhere. */
  static final Mac ROUTER_MAC = Mac.parse("0e:00:00:00:00:01");

  private static final int MAC_TRIES_MAX = 1000;

  private final Plan plan;
  private final List<EndpointDocument> documents;
  private final Ids ids;
  private final AllowedAddresses allowed;
  private final Set<EndpointRef> put = new HashSet<>();
  private final Map<UUID, EndpointRef> idClaims = new HashMap<>();
  private final Map<InUniverse<Mac>, EndpointRef> macClaims = new HashMap<>();
  private final Map<InUniverse<IpAddress>, EndpointRef> addressClaims = new HashMap<>();
  private final Map<IpAddress, EndpointRef> publicClaims = new HashMap<>();

  private record InUniverse<T>(UniverseName universe, T value) {}

  EndpointEdits(Plan plan, List<EndpointDocument> documents, Ids ids) {
    this.plan = plan;
    this.documents = documents;
    this.ids = ids;
    this.allowed = new AllowedAddresses(plan);
    documents.forEach(document -> put.add(document.key()));
  }

  static Optional<Refusal> delete(Plan plan, List<EndpointRef> refs) {
    for (EndpointRef ref : refs) {
      if (plan.image().bindingOf(ref).isPresent()) {
        plan.addAll(Claims.unbind(plan.image(), ref));
      }
      plan.leave(plan.image().identity(ref));
      plan.add(new Change.EndpointDeleted(ref));
    }
    return Optional.empty();
  }

  Optional<Refusal> put() {
    List<EndpointDocument> explicit = new ArrayList<>();
    List<EndpointDocument> assigned = new ArrayList<>();
    for (EndpointDocument document : documents) {
      EndpointDocument kept = keep(document);
      Optional<Refusal> refusal = check(kept);
      if (refusal.isPresent()) {
        return refusal;
      }
      (kept.addresses().isEmpty() ? assigned : explicit).add(kept);
      allowed.wish(kept);
    }
    for (List<EndpointDocument> some : List.of(explicit, assigned)) {
      for (EndpointDocument document : some) {
        Optional<Refusal> refusal = place(document);
        if (refusal.isPresent()) {
          return refusal;
        }
      }
    }
    return allowed.check(put);
  }

  /** The document with what the endpoint has already, where it says nothing. */
  private EndpointDocument keep(EndpointDocument document) {
    return plan.before()
        .endpoint(document.key())
        .map(
            before ->
                new EndpointDocument(
                    document.key(),
                    document.id().or(() -> Optional.of(before.id())),
                    document.mac().or(() -> Optional.of(before.mac())),
                    document.addresses().isEmpty() ? before.addresses() : document.addresses(),
                    document.groups(),
                    document.publicAddresses(),
                    document.allowedAddresses()))
        .orElse(document);
  }

  private Optional<Refusal> check(EndpointDocument document) {
    EndpointRef ref = document.key();
    Optional<Universe> universe = plan.image().universe(ref.universe());
    if (universe.isEmpty()) {
      return Optional.of(new Refusal.UnknownUniverse(ref, ref.universe(), "universe"));
    }
    for (GroupName name : document.groups()) {
      GroupRef group = new GroupRef(ref.universe(), name);
      if (!plan.image().groups().containsKey(group)) {
        return Optional.of(new Refusal.UnknownGroup(ref, group, "groups"));
      }
    }
    return checkIdAndMac(document)
        .or(() -> checkAddresses(document, universe.get()))
        .or(() -> checkPublicAddresses(document, universe.get()));
  }

  private Optional<Refusal> checkIdAndMac(EndpointDocument document) {
    EndpointRef ref = document.key();
    Image image = plan.image();
    if (document.id().isPresent()) {
      UUID id = document.id().get();
      Optional<EndpointRef> owner =
          Optional.ofNullable(idClaims.putIfAbsent(id, ref))
              .or(() -> staying(image.endpointById(id)));
      if (owner.isPresent()) {
        return Optional.of(new EndpointRefusal.IdTaken(ref, id, owner.get()));
      }
    }
    if (document.mac().isPresent()) {
      Mac mac = document.mac().get();
      if (mac.equals(ROUTER_MAC)) {
        return Optional.of(new EndpointRefusal.MacReserved(ref, mac));
      }
      Optional<EndpointRef> owner =
          Optional.ofNullable(macClaims.putIfAbsent(new InUniverse<>(ref.universe(), mac), ref))
              .or(() -> staying(image.endpointWith(ref.universe(), mac)));
      if (owner.isPresent()) {
        return Optional.of(new EndpointRefusal.MacTaken(ref, mac, owner.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<Refusal> checkAddresses(EndpointDocument document, Universe universe) {
    EndpointRef ref = document.key();
    for (IpAddress address : document.addresses()) {
      if (!universe.contains(address)) {
        return Optional.of(
            new EndpointRefusal.AddressOutside(ref, address, universe.prefixes(), "addresses"));
      }
      Optional<EndpointRef> owner =
          Optional.ofNullable(
                  addressClaims.putIfAbsent(new InUniverse<>(ref.universe(), address), ref))
              .or(() -> staying(ownerOf(ref.universe(), address)));
      if (owner.isPresent()) {
        return Optional.of(
            new EndpointRefusal.AddressTaken(ref, address, owner.get(), "addresses"));
      }
    }
    return Optional.empty();
  }

  private Optional<Endpoint> ownerOf(UniverseName universe, IpAddress address) {
    return Optional.ofNullable(plan.image().addressesOf(universe).get(address))
        .flatMap(plan.image()::endpoint);
  }

  private Optional<Refusal> checkPublicAddresses(EndpointDocument document, Universe universe) {
    EndpointRef ref = document.key();
    if (document.publicAddresses().isEmpty()) {
      return Optional.empty();
    }
    if (universe.internet() == Internet.NONE) {
      return Optional.of(new EndpointRefusal.NeedsInternet(ref));
    }
    for (PublicAddress pair : document.publicAddresses()) {
      IpAddress address = pair.publicAddress();
      if (!PoolEdits.offered(plan.image(), address)) {
        return Optional.of(
            new EndpointRefusal.PublicAddressOutside(ref, address, "publicAddresses"));
      }
      Optional<EndpointRef> owner =
          Optional.ofNullable(publicClaims.putIfAbsent(address, ref))
              .or(() -> staying(plan.image().endpointWithPublic(address)));
      if (owner.isPresent()) {
        return Optional.of(
            new EndpointRefusal.PublicAddressTaken(ref, address, owner.get(), "publicAddresses"));
      }
    }
    return Optional.empty();
  }

  /**
   * The owner, unless the same call puts it anew: then its new document has claimed what it keeps.
   */
  private Optional<EndpointRef> staying(Optional<Endpoint> owner) {
    return owner.map(Endpoint::ref).filter(ref -> !put.contains(ref));
  }

  private Optional<Refusal> place(EndpointDocument document) {
    EndpointRef ref = document.key();
    List<IpAddress> addresses = new ArrayList<>(document.addresses());
    if (addresses.isEmpty()) {
      Optional<Refusal> refusal = assign(ref, addresses);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    for (PublicAddress pair : document.publicAddresses()) {
      if (!addresses.contains(pair.privateAddress())) {
        return Optional.of(
            new EndpointRefusal.PrivateAddressMissing(
                ref, pair.privateAddress(), "publicAddresses"));
      }
    }
    Optional<Allocation.Claim> claim =
        Allocation.claim(plan.image(), ref.universe(), document.groups());
    if (claim.isEmpty()) {
      int max = Identity.NUMBER_MAX - Identity.NUMBER_MIN + 1;
      return Optional.of(new Refusal.NumbersExhausted(ref, "identities", max));
    }
    Endpoint endpoint =
        new Endpoint(
            ref,
            document.id().orElseGet(this::freeId),
            document.mac().orElseGet(() -> freeMac(ref)),
            addresses,
            document.groups(),
            document.publicAddresses(),
            document.allowedAddresses());
    add(endpoint, claim.get());
    return Optional.empty();
  }

  private void add(Endpoint endpoint, Allocation.Claim claim) {
    EndpointRef ref = endpoint.ref();
    Optional<Endpoint> before = plan.before().endpoint(ref);
    if (before.equals(Optional.of(endpoint))) {
      return;
    }
    if (before.isPresent()) {
      plan.leave(plan.before().identity(ref));
      boolean otherInterface = !before.get().id().equals(endpoint.id());
      if (otherInterface && plan.image().bindingOf(ref).isPresent()) {
        plan.addAll(Claims.unbind(plan.image(), ref));
      }
      plan.addAll(Claims.givenUp(plan.image(), endpoint));
    }
    claim.added().ifPresent(plan::add);
    plan.add(new Change.EndpointPut(endpoint, claim.identity()));
  }

  /** One address of each family that the universe has, the lowest that is free. */
  private Optional<Refusal> assign(EndpointRef ref, List<IpAddress> addresses) {
    Universe universe = plan.image().universe(ref.universe()).orElseThrow();
    for (boolean v6 : new boolean[] {false, true}) {
      List<Prefix> prefixes =
          universe.prefixes().stream().filter(prefix -> prefix.v6() == v6).toList();
      if (prefixes.isEmpty()) {
        continue;
      }
      Optional<IpAddress> free =
          prefixes.stream()
              .flatMap(prefix -> allowed.lowestFreeAddress(ref.universe(), prefix).stream())
              .findFirst();
      if (free.isEmpty()) {
        return Optional.of(new EndpointRefusal.AddressesExhausted(ref, prefixes));
      }
      addresses.add(free.get());
    }
    return Optional.empty();
  }

  private UUID freeId() {
    UUID id = ids.uuid();
    if (idClaims.containsKey(id) || plan.image().endpointById(id).isPresent()) {
      throw new IllegalStateException("id %s was given twice".formatted(id));
    }
    return id;
  }

  private Mac freeMac(EndpointRef ref) {
    for (int i = 0; i < MAC_TRIES_MAX; i++) {
      Mac mac = ids.mac();
      boolean free =
          !mac.equals(ROUTER_MAC)
              && !macClaims.containsKey(new InUniverse<>(ref.universe(), mac))
              && plan.image().endpointWith(ref.universe(), mac).isEmpty();
      if (free) {
        return mac;
      }
    }
    throw new IllegalStateException(
        "%d MACs in a row were in use in universe %s".formatted(MAC_TRIES_MAX, ref.universe()));
  }
}
