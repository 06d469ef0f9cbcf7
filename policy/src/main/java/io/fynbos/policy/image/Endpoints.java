package io.fynbos.policy.image;

import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.PublicAddress;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseName;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Endpoints, found by name, id, address, MAC, public address, group and identity. */
record Endpoints(
    TreePMap<EndpointRef, Versioned<Endpoint>> all,
    TreePMap<EndpointRef, Identity> identities,
    TreePMap<UUID, EndpointRef> byId,
    TreePMap<UniverseName, Neighbours> byUniverse,
    TreePMap<IpAddress, EndpointRef> byPublicAddress,
    Index<GroupRef, EndpointRef> ofGroup,
    Index<Identity, EndpointRef> withIdentity) {
  static final Endpoints EMPTY =
      new Endpoints(
          TreePMap.empty(),
          TreePMap.empty(),
          TreePMap.empty(),
          TreePMap.empty(),
          TreePMap.empty(),
          Index.empty(),
          Index.empty());

  /**
   * The endpoints of one universe: within it, addresses and MACs name one each; allowed prefixes
   * are equal or disjoint.
   */
  record Neighbours(
      TreePMap<IpAddress, EndpointRef> byAddress,
      Index<Prefix, EndpointRef> allowed,
      TreePMap<Mac, EndpointRef> byMac,
      Index<UniverseName, EndpointRef> refs,
      Runs<IpAddress> taken) {
    static final Neighbours NONE =
        new Neighbours(
            TreePMap.empty(), Index.empty(), TreePMap.empty(), Index.empty(), Runs.ofAddresses());

    Neighbours plus(Endpoint endpoint) {
      TreePMap<IpAddress, EndpointRef> addresses = byAddress;
      Runs<IpAddress> runs = taken;
      for (IpAddress address : endpoint.addresses()) {
        addresses = addresses.plus(address, endpoint.ref());
        runs = runs.plus(address);
      }
      Index<Prefix, EndpointRef> prefixes = allowed;
      for (Prefix prefix : endpoint.allowedAddresses()) {
        prefixes = prefixes.plus(prefix, endpoint.ref());
      }
      return new Neighbours(
          addresses,
          prefixes,
          byMac.plus(endpoint.mac(), endpoint.ref()),
          refs.plus(endpoint.universe(), endpoint.ref()),
          runs);
    }

    Neighbours minus(Endpoint endpoint) {
      TreePMap<IpAddress, EndpointRef> addresses = byAddress;
      Runs<IpAddress> runs = taken;
      for (IpAddress address : endpoint.addresses()) {
        if (endpoint.ref().equals(addresses.get(address))) {
          addresses = addresses.minus(address);
          runs = runs.minus(address);
        }
      }
      Index<Prefix, EndpointRef> prefixes = allowed;
      for (Prefix prefix : endpoint.allowedAddresses()) {
        prefixes = prefixes.minus(prefix, endpoint.ref());
      }
      boolean ownsMac = endpoint.ref().equals(byMac.get(endpoint.mac()));
      return new Neighbours(
          addresses,
          prefixes,
          ownsMac ? byMac.minus(endpoint.mac()) : byMac,
          refs.minus(endpoint.universe(), endpoint.ref()),
          runs);
    }

    /** The allowed prefix that holds the address, if there is one. */
    Optional<Prefix> allowedAround(IpAddress address) {
      return Optional.ofNullable(allowed.sets().floorKey(Prefix.of(address)))
          .filter(prefix -> prefix.contains(address));
    }

    PSortedSet<EndpointRef> allowedFor(IpAddress address) {
      return allowedAround(address).map(allowed::of).orElse(TreePSet.empty());
    }
  }

  Neighbours in(UniverseName universe) {
    Neighbours neighbours = byUniverse.get(universe);
    return neighbours == null ? Neighbours.NONE : neighbours;
  }

  Endpoints put(Endpoint endpoint, Identity identity, Revision revision) {
    Versioned<Endpoint> before = all.get(endpoint.ref());
    Endpoints rest = before == null ? this : without(before.value());
    return rest.with(endpoint, identity, revision);
  }

  Endpoints delete(EndpointRef ref) {
    return without(Present.in(all, ref).value());
  }

  private Endpoints with(Endpoint endpoint, Identity identity, Revision revision) {
    EndpointRef ref = endpoint.ref();
    TreePMap<IpAddress, EndpointRef> publics = byPublicAddress;
    for (PublicAddress pair : endpoint.publicAddresses()) {
      publics = publics.plus(pair.publicAddress(), ref);
    }
    Index<GroupRef, EndpointRef> groups = ofGroup;
    for (GroupName group : endpoint.groups()) {
      groups = groups.plus(new GroupRef(ref.universe(), group), ref);
    }
    return new Endpoints(
        all.plus(ref, new Versioned<>(endpoint, revision)),
        identities.plus(ref, identity),
        byId.plus(endpoint.id(), ref),
        byUniverse.plus(ref.universe(), in(ref.universe()).plus(endpoint)),
        publics,
        groups,
        withIdentity.plus(identity, ref));
  }

  private Endpoints without(Endpoint endpoint) {
    EndpointRef ref = endpoint.ref();
    TreePMap<IpAddress, EndpointRef> publics = byPublicAddress;
    for (PublicAddress pair : endpoint.publicAddresses()) {
      publics = minus(publics, pair.publicAddress(), ref);
    }
    Index<GroupRef, EndpointRef> groups = ofGroup;
    for (GroupName group : endpoint.groups()) {
      groups = groups.minus(new GroupRef(ref.universe(), group), ref);
    }
    Neighbours neighbours = in(ref.universe()).minus(endpoint);
    boolean last = neighbours.refs().of(ref.universe()).isEmpty();
    return new Endpoints(
        all.minus(ref),
        identities.minus(ref),
        minus(byId, endpoint.id(), ref),
        last ? byUniverse.minus(ref.universe()) : byUniverse.plus(ref.universe(), neighbours),
        publics,
        groups,
        withIdentity.minus(Present.in(identities, ref), ref));
  }

  /**
   * Takes the key away unless another endpoint has taken it over meanwhile, inside the same commit.
   */
  private static <K extends Comparable<K>> TreePMap<K, EndpointRef> minus(
      TreePMap<K, EndpointRef> map, K key, EndpointRef owner) {
    @Nullable EndpointRef found = map.get(key);
    return owner.equals(found) ? map.minus(key) : map;
  }
}
