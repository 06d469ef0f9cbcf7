package io.fynbos.policy.model;

import java.util.List;
import java.util.SortedSet;
import java.util.UUID;
import org.pcollections.TreePSet;

/**
 * One network interface of a guest, with all that is assigned. Addresses and public addresses are
 * kept sorted.
 *
 * @param id libvirt's interfaceid and Open vSwitch's iface-id
 */
public record Endpoint(
    EndpointRef ref,
    UUID id,
    Mac mac,
    List<IpAddress> addresses,
    SortedSet<GroupName> groups,
    List<PublicAddress> publicAddresses)
    implements FabricObject {
  public static final int ADDRESSES_MAX = 16;
  public static final int GROUPS_MAX = 64;
  public static final int PUBLIC_ADDRESSES_MAX = 16;

  public Endpoint {
    Checks.atMost(addresses.size(), ADDRESSES_MAX, "addresses of an endpoint");
    Checks.notEmpty(addresses, "addresses of an endpoint");
    Checks.atMost(groups.size(), GROUPS_MAX, "groups of an endpoint");
    Checks.atMost(publicAddresses.size(), PUBLIC_ADDRESSES_MAX, "public addresses of an endpoint");
    if (!mac.unicast()) {
      throw new IllegalArgumentException("%s is not the address of one interface".formatted(mac));
    }
    addresses = addresses.stream().sorted().toList();
    groups = TreePSet.fromSortedSet(groups);
    publicAddresses = publicAddresses.stream().sorted().toList();
    Checks.distinct(addresses, "address");
    Checks.distinct(
        publicAddresses.stream().map(PublicAddress::publicAddress).toList(), "public address");
    Checks.distinct(
        publicAddresses.stream().map(PublicAddress::privateAddress).toList(), "private address");
    for (PublicAddress pair : publicAddresses) {
      if (!addresses.contains(pair.privateAddress())) {
        throw new IllegalArgumentException(
            "%s is not an address of endpoint %s".formatted(pair.privateAddress(), ref));
      }
    }
  }

  public UniverseName universe() {
    return ref.universe();
  }

  @Override
  public EndpointRef key() {
    return ref;
  }

  @Override
  public Document document() {
    return Document.EndpointDocument.of(this);
  }
}
