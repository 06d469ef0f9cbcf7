package io.fynbos.policy.model;

import java.util.List;
import java.util.SortedSet;
import java.util.UUID;
import org.pcollections.TreePSet;

/**
 * One network interface of a guest, with all that is assigned. Its lists of addresses are kept
 * sorted.
 *
 * @param id libvirt's interfaceid and Open vSwitch's iface-id
 * @param allowedAddresses what it may have besides its own addresses: single ones, which others may
 *     be allowed too (for VRRP), and ranges of its own (for containers)
 */
public record Endpoint(
    EndpointRef ref,
    UUID id,
    Mac mac,
    List<IpAddress> addresses,
    SortedSet<GroupName> groups,
    List<PublicAddress> publicAddresses,
    List<Prefix> allowedAddresses)
    implements FabricObject {
  public static final int ADDRESSES_MAX = 16;
  public static final int GROUPS_MAX = 64;
  public static final int PUBLIC_ADDRESSES_MAX = 16;
  public static final int ALLOWED_ADDRESSES_MAX = 64;

  public Endpoint {
    Checks.atMost(addresses.size(), ADDRESSES_MAX, "addresses of an endpoint");
    Checks.notEmpty(addresses, "addresses of an endpoint");
    Checks.atMost(groups.size(), GROUPS_MAX, "groups of an endpoint");
    Checks.atMost(publicAddresses.size(), PUBLIC_ADDRESSES_MAX, "public addresses of an endpoint");
    if (!mac.unicast()) {
      throw new IllegalArgumentException("%s is not the address of one interface".formatted(mac));
    }
    Checks.atMost(
        allowedAddresses.size(), ALLOWED_ADDRESSES_MAX, "allowed addresses of an endpoint");
    addresses = addresses.stream().sorted().toList();
    groups = TreePSet.fromSortedSet(groups);
    publicAddresses = publicAddresses.stream().sorted().toList();
    allowedAddresses = Checks.disjoint(allowedAddresses);
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

  /** An endpoint that has only its own addresses. */
  public Endpoint(
      EndpointRef ref,
      UUID id,
      Mac mac,
      List<IpAddress> addresses,
      SortedSet<GroupName> groups,
      List<PublicAddress> publicAddresses) {
    this(ref, id, mac, addresses, groups, publicAddresses, List.of());
  }

  /** Whether the address is one of the allowed ones. */
  public boolean allows(IpAddress address) {
    return allowedAddresses.stream().anyMatch(prefix -> prefix.contains(address));
  }

  /** Whether the address is its own or an allowed one: so it may send from it. */
  public boolean mayHave(IpAddress address) {
    return addresses.contains(address) || allows(address);
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
