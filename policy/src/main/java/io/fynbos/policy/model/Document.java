package io.fynbos.policy.model;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;
import org.pcollections.TreePSet;

/**
 * What somebody asks an object to be: the object itself, except where absent fields are yet to be
 * assigned.
 */
public sealed interface Document {
  /** The object that it describes. */
  ObjectKey key();

  /** A universe, every field of which has a value. */
  record UniverseDocument(Universe universe) implements Document {
    @Override
    public UniverseName key() {
      return universe.name();
    }
  }

  /** A security group. */
  record GroupDocument(SecurityGroup group) implements Document {
    @Override
    public GroupRef key() {
      return group.ref();
    }
  }

  /**
   * An endpoint of which the id, the MAC and the addresses may still be absent (no addresses means
   * they are to be assigned). Its lists of addresses are kept sorted.
   */
  record EndpointDocument(
      EndpointRef key,
      Optional<UUID> id,
      Optional<Mac> mac,
      List<IpAddress> addresses,
      SortedSet<GroupName> groups,
      List<PublicAddress> publicAddresses,
      List<Prefix> allowedAddresses)
      implements Document {
    public EndpointDocument {
      Checks.atMost(addresses.size(), Endpoint.ADDRESSES_MAX, "addresses of an endpoint");
      Checks.atMost(groups.size(), Endpoint.GROUPS_MAX, "groups of an endpoint");
      Checks.atMost(
          publicAddresses.size(), Endpoint.PUBLIC_ADDRESSES_MAX, "public addresses of an endpoint");
      Checks.atMost(
          allowedAddresses.size(),
          Endpoint.ALLOWED_ADDRESSES_MAX,
          "allowed addresses of an endpoint");
      addresses = addresses.stream().sorted().toList();
      groups = TreePSet.fromSortedSet(groups);
      publicAddresses = publicAddresses.stream().sorted().toList();
      allowedAddresses = Checks.disjoint(allowedAddresses);
      Checks.distinct(addresses, "address");
      Checks.distinct(
          publicAddresses.stream().map(PublicAddress::publicAddress).toList(), "public address");
      Checks.distinct(
          publicAddresses.stream().map(PublicAddress::privateAddress).toList(), "private address");
      if (mac.isPresent() && !mac.get().unicast()) {
        throw new IllegalArgumentException(
            "%s is not the address of one interface".formatted(mac.get()));
      }
    }

    /** The document of an endpoint that is to have only its own addresses. */
    public EndpointDocument(
        EndpointRef key,
        Optional<UUID> id,
        Optional<Mac> mac,
        List<IpAddress> addresses,
        SortedSet<GroupName> groups,
        List<PublicAddress> publicAddresses) {
      this(key, id, mac, addresses, groups, publicAddresses, List.of());
    }

    /** The document of an endpoint with everything assigned. */
    public static EndpointDocument of(Endpoint endpoint) {
      return new EndpointDocument(
          endpoint.ref(),
          Optional.of(endpoint.id()),
          Optional.of(endpoint.mac()),
          endpoint.addresses(),
          endpoint.groups(),
          endpoint.publicAddresses(),
          endpoint.allowedAddresses());
    }
  }

  /** A policy, every field of which has a value. */
  record PolicyDocument(Policy policy) implements Document {
    @Override
    public PolicyRef key() {
      return policy.ref();
    }
  }

  /** A pool of public addresses. */
  record PoolDocument(Pool pool) implements Document {
    @Override
    public PoolName key() {
      return pool.name();
    }
  }

  /** A host. */
  record HostDocument(Host host) implements Document {
    @Override
    public HostName key() {
      return host.name();
    }
  }
}
