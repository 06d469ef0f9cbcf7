package io.fynbos.policy.image;

import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.FabricObject;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Kind;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyNumber;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Pool;
import io.fynbos.policy.model.PoolName;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.SecurityGroup;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The whole state at a revision. Immutable: {@link #apply} makes the next image, which shares what
 * did not change. Maps and sets iterate in the order of their keys. What is not there is answered
 * with an empty set or {@link Optional}; only {@code number} and {@code identity} throw.
 */
public final class Image {
  public static final Image EMPTY =
      new Image(
          Revision.NONE,
          Universes.EMPTY,
          Groups.EMPTY,
          Endpoints.EMPTY,
          Policies.EMPTY,
          TreePMap.empty(),
          Placement.EMPTY,
          Identities.EMPTY,
          Presence.EMPTY);

  private final Revision revision;
  private final Universes universes;
  private final Groups groups;
  private final Endpoints endpoints;
  private final Policies policies;
  private final TreePMap<PoolName, Versioned<Pool>> pools;
  private final Placement placement;
  private final Identities identities;
  private final Presence presence;

  private Image(
      Revision revision,
      Universes universes,
      Groups groups,
      Endpoints endpoints,
      Policies policies,
      TreePMap<PoolName, Versioned<Pool>> pools,
      Placement placement,
      Identities identities,
      Presence presence) {
    this.revision = revision;
    this.universes = universes;
    this.groups = groups;
    this.endpoints = endpoints;
    this.policies = policies;
    this.pools = pools;
    this.placement = placement;
    this.identities = identities;
    this.presence = presence;
  }

  /** The image after the changes, all of them committed under the one revision. */
  public Image apply(Collection<? extends Change> changes, Revision next) {
    Image image = this;
    for (Change change : changes) {
      image = change.applyTo(image, next);
    }
    return image.at(next);
  }

  /** The same state under another revision. */
  public Image at(Revision next) {
    return new Image(
        next, universes, groups, endpoints, policies, pools, placement, identities, presence);
  }

  /** The revision of the last change that is in it. */
  public Revision revision() {
    return revision;
  }

  // The objects, by key.

  public PSortedMap<UniverseName, Versioned<Universe>> universes() {
    return universes.all();
  }

  public PSortedMap<GroupRef, Versioned<SecurityGroup>> groups() {
    return groups.all();
  }

  public PSortedMap<EndpointRef, Versioned<Endpoint>> endpoints() {
    return endpoints.all();
  }

  public PSortedMap<PolicyRef, Versioned<Policy>> policies() {
    return policies.all();
  }

  public PSortedMap<PoolName, Versioned<Pool>> pools() {
    return pools;
  }

  public PSortedMap<HostName, Versioned<Host>> hosts() {
    return placement.hosts();
  }

  public PSortedMap<EndpointRef, Versioned<Binding>> bindings() {
    return placement.bindings();
  }

  public PSortedMap<Identity, IdentityEntry> identities() {
    return identities.all();
  }

  /** The objects of one kind, by key. */
  public PSortedMap<? extends ObjectKey, ? extends Versioned<? extends FabricObject>> objects(
      Kind kind) {
    return switch (kind) {
      case UNIVERSE -> universes();
      case GROUP -> groups();
      case ENDPOINT -> endpoints();
      case POLICY -> policies();
      case POOL -> pools();
      case HOST -> hosts();
    };
  }

  /** The object with the key, if it is there. */
  public Optional<Versioned<? extends FabricObject>> object(ObjectKey key) {
    return Optional.ofNullable(objects(key.kind()).get(key));
  }

  public Optional<Universe> universe(UniverseName name) {
    return Optional.ofNullable(universes.all().get(name)).map(Versioned::value);
  }

  public Optional<Endpoint> endpoint(EndpointRef ref) {
    return Optional.ofNullable(endpoints.all().get(ref)).map(Versioned::value);
  }

  public Optional<Policy> policy(PolicyRef ref) {
    return Optional.ofNullable(policies.all().get(ref)).map(Versioned::value);
  }

  public Optional<Host> host(HostName name) {
    return Optional.ofNullable(placement.hosts().get(name)).map(Versioned::value);
  }

  // Numbers.

  /** The number of a universe that is in the image. */
  public UniverseNumber number(UniverseName name) {
    return Present.in(universes.numbers(), name);
  }

  /** The number of a policy that is in the image. */
  public PolicyNumber number(PolicyRef ref) {
    return Present.in(policies.numbers(), ref);
  }

  /** The identity of an endpoint that is in the image. */
  public Identity identity(EndpointRef ref) {
    return Present.in(endpoints.identities(), ref);
  }

  /** The identity of a set of groups of a universe, if there is one; it may be resting. */
  public Optional<Identity> identityOf(UniverseNumber universe, SortedSet<GroupName> groupNames) {
    return Optional.ofNullable(identities.byKey().get(new Identities.Key(universe, groupNames)));
  }

  /** Identities that rest, and the revision that retired each. */
  public PSortedMap<Identity, Revision> restingIdentities() {
    return identities.resting();
  }

  /** Numbers of policies that rest, and the revision that took the policy away. */
  public PSortedMap<PolicyNumber, Revision> restingPolicyNumbers() {
    return policies.resting();
  }

  /** Numbers of universes that rest, and the revision that took the universe away. */
  public PSortedMap<UniverseNumber, Revision> restingUniverseNumbers() {
    return universes.resting();
  }

  /** The lowest identity that neither is in use nor rests. */
  public Optional<Identity> lowestFreeIdentity() {
    return identities
        .taken()
        .lowestFree(Identity.NUMBER_MIN, Identity.NUMBER_MAX)
        .map(Identity::new);
  }

  /** The lowest policy number that neither is in use nor rests. */
  public Optional<PolicyNumber> lowestFreePolicyNumber() {
    return policies
        .taken()
        .lowestFree(PolicyNumber.NUMBER_MIN, PolicyNumber.NUMBER_MAX)
        .map(PolicyNumber::new);
  }

  /** The lowest universe number that neither is in use nor rests. */
  public Optional<UniverseNumber> lowestFreeUniverseNumber() {
    return universes
        .taken()
        .lowestFree(UniverseNumber.NUMBER_MIN, UniverseNumber.NUMBER_MAX)
        .map(UniverseNumber::new);
  }

  // Indexes.

  /** The identities of a universe, those that rest included. */
  public PSortedSet<Identity> identitiesOf(UniverseName name) {
    UniverseNumber number = universes.numbers().get(name);
    return number == null ? TreePSet.empty() : identities.ofUniverse().of(number);
  }

  /** The identities of a universe, by its number, also after the universe is gone. */
  public PSortedSet<Identity> identitiesOf(UniverseNumber number) {
    return identities.ofUniverse().of(number);
  }

  /** The identities of the sets that a group is in, those that rest included. */
  public PSortedSet<Identity> identitiesWith(GroupRef group) {
    UniverseNumber number = universes.numbers().get(group.universe());
    return number == null
        ? TreePSet.empty()
        : identities.withGroup().of(new Identities.Member(number, group.name()));
  }

  public PSortedSet<EndpointRef> endpointsOf(UniverseName name) {
    return endpoints.in(name).refs().of(name);
  }

  /** The members of a group. */
  public PSortedSet<EndpointRef> endpointsOf(GroupRef group) {
    return endpoints.ofGroup().of(group);
  }

  public PSortedSet<EndpointRef> endpointsWith(Identity identity) {
    return endpoints.withIdentity().of(identity);
  }

  public Optional<Endpoint> endpointById(UUID id) {
    return Optional.ofNullable(endpoints.byId().get(id)).flatMap(this::endpoint);
  }

  /**
   * The endpoint that packets to a private address go to: whose own it is, or who is allowed it; of
   * several of those who claims it, else the first that is attached, else the first.
   */
  public Optional<Endpoint> endpointAt(UniverseName name, IpAddress address) {
    return Optional.ofNullable(endpoints.in(name).byAddress().get(address))
        .or(() -> claimantOf(name, address))
        .or(() -> placement.firstBound(allowedFor(name, address)))
        .flatMap(this::endpoint);
  }

  /** The endpoints of a universe that are allowed the address besides their own. */
  public PSortedSet<EndpointRef> allowedFor(UniverseName name, IpAddress address) {
    return endpoints.in(name).allowedFor(address);
  }

  /** The allowed prefix of a universe that holds the address. */
  public Optional<Prefix> allowedAround(UniverseName name, IpAddress address) {
    return endpoints.in(name).allowedAround(address);
  }

  /** The allowed prefixes of a universe, equal or disjoint, and who is allowed each. */
  public PSortedMap<Prefix, ? extends PSortedSet<EndpointRef>> allowedOf(UniverseName name) {
    return endpoints.in(name).allowed().sets();
  }

  /** The endpoint that claims a shared address. */
  public Optional<EndpointRef> claimantOf(UniverseName name, IpAddress address) {
    return Optional.ofNullable(placement.claimsIn(name).get(address)).map(Versioned::value);
  }

  /** The shared addresses of a universe that are claimed, and by whom. */
  public PSortedMap<IpAddress, Versioned<EndpointRef>> claimsOf(UniverseName name) {
    return placement.claimsIn(name);
  }

  public Optional<Endpoint> endpointWith(UniverseName name, Mac mac) {
    return Optional.ofNullable(endpoints.in(name).byMac().get(mac)).flatMap(this::endpoint);
  }

  /** The endpoint, of whatever universe, that has the public address. */
  public Optional<Endpoint> endpointWithPublic(IpAddress address) {
    return Optional.ofNullable(endpoints.byPublicAddress().get(address)).flatMap(this::endpoint);
  }

  /** The endpoints' public addresses, and who has each. */
  public PSortedMap<IpAddress, EndpointRef> publicAddresses() {
    return endpoints.byPublicAddress();
  }

  /** The endpoints of a universe by their private addresses. */
  public PSortedMap<IpAddress, EndpointRef> addressesOf(UniverseName name) {
    return endpoints.in(name).byAddress();
  }

  /** The lowest address from first to last that no endpoint of the universe has as its own. */
  public Optional<IpAddress> lowestFreeAddress(UniverseName name, IpAddress first, IpAddress last) {
    return endpoints.in(name).taken().lowestFree(first, last);
  }

  public PSortedSet<GroupRef> groupsOf(UniverseName name) {
    return groups.ofUniverse().of(name);
  }

  /** The policies that have the universe; fabric-wide ones are not among them. */
  public PSortedSet<PolicyRef> policiesOf(UniverseName name) {
    return policies.ofUniverse().of(name);
  }

  public PSortedSet<PolicyRef> fabricPolicies() {
    return policies.fabricWide();
  }

  /** The policies that have a rule of stage audit. */
  public PSortedSet<PolicyRef> auditingPolicies() {
    return policies.auditing();
  }

  /** The fabric-wide policies whose {@code appliesTo} names the universe. */
  public PSortedSet<PolicyRef> policiesNaming(UniverseName name) {
    return policies.naming().of(name);
  }

  /** The policies that apply to the group or have it as a peer. */
  public PSortedSet<PolicyRef> policiesNaming(GroupRef group) {
    return policies.namingGroup().of(group);
  }

  public Optional<Host> hostAt(IpAddress underlay) {
    return Optional.ofNullable(placement.byUnderlay().get(underlay)).flatMap(this::host);
  }

  public Optional<Host> hostWithDatapath(long datapathId) {
    return Optional.ofNullable(placement.byDatapath().get(datapathId)).flatMap(this::host);
  }

  /** The bindings on a host, in the order of their endpoints. */
  public List<Binding> bindingsOn(HostName host) {
    return placement.bound().of(host).stream()
        .map(ref -> Present.in(placement.bindings(), ref).value())
        .toList();
  }

  /** The endpoints bound on a host. */
  public PSortedSet<EndpointRef> endpointsOn(HostName host) {
    return placement.bound().of(host);
  }

  public Optional<Binding> bindingOf(EndpointRef endpoint) {
    return Optional.ofNullable(placement.bindings().get(endpoint)).map(Versioned::value);
  }

  /** The hosts that have an endpoint of the universe bound. */
  public PSortedSet<HostName> hostsWith(UniverseName name) {
    return placement.hostsWith().getOrDefault(name, TreePMap.empty()).keySet();
  }

  /** The hosts that have an endpoint of the identity bound. */
  public PSortedSet<HostName> hostsWith(Identity identity) {
    return presence.of(identity).keySet();
  }

  /** The hosts that have a member of the group bound. */
  public PSortedSet<HostName> hostsWith(GroupRef group) {
    return presence.of(group).keySet();
  }

  // The parts, for changes.

  Universes universeParts() {
    return universes;
  }

  Groups groupParts() {
    return groups;
  }

  Endpoints endpointParts() {
    return endpoints;
  }

  Policies policyParts() {
    return policies;
  }

  TreePMap<PoolName, Versioned<Pool>> poolParts() {
    return pools;
  }

  Placement placement() {
    return placement;
  }

  Identities identityParts() {
    return identities;
  }

  Image with(Universes next) {
    return new Image(
        revision, next, groups, endpoints, policies, pools, placement, identities, presence);
  }

  Image with(Groups next) {
    return new Image(
        revision, universes, next, endpoints, policies, pools, placement, identities, presence);
  }

  Image with(Endpoints next) {
    return new Image(
        revision, universes, groups, next, policies, pools, placement, identities, presence);
  }

  Image with(Policies next) {
    return new Image(
        revision, universes, groups, endpoints, next, pools, placement, identities, presence);
  }

  Image withPools(TreePMap<PoolName, Versioned<Pool>> next) {
    return new Image(
        revision, universes, groups, endpoints, policies, next, placement, identities, presence);
  }

  Image with(Placement next) {
    return new Image(
        revision, universes, groups, endpoints, policies, pools, next, identities, presence);
  }

  Image with(Identities next) {
    return new Image(
        revision, universes, groups, endpoints, policies, pools, placement, next, presence);
  }

  /** This image, with the one endpoint counted where it is now and not where it was before. */
  Image moved(EndpointRef ref, Image before) {
    Presence next = presence.moved(ref, before, this);
    return new Image(
        revision, universes, groups, endpoints, policies, pools, placement, identities, next);
  }

  /** Equal images have equal revisions, objects, numbers and indexes. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Image that
        && revision.equals(that.revision)
        && universes.equals(that.universes)
        && groups.equals(that.groups)
        && endpoints.equals(that.endpoints)
        && policies.equals(that.policies)
        && pools.equals(that.pools)
        && placement.equals(that.placement)
        && identities.equals(that.identities)
        && presence.equals(that.presence);
  }

  @Override
  public int hashCode() {
    return Objects.hash(revision, universes.all(), groups.all(), endpoints.all(), policies.all());
  }

  @Override
  public String toString() {
    return "image at revision %s with %d endpoints and %d policies"
        .formatted(revision, endpoints.all().size(), policies.all().size());
  }
}
