package io.fynbos.controller.compile;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointName;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyName;
import io.fynbos.policy.model.PolicyNumber;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.SecurityGroup;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds images by hand, in short words, without the decider: it numbers universes, identities and
 * policies in the order in which they come.
 */
public final class Fabric {
  private Image image = Image.EMPTY;
  private int universes = Identity.NUMBER_MIN;
  private int identities = Identity.NUMBER_MIN;
  private int policies = 1;
  private int endpoints = 1;
  private long revision = 0;

  public Image image() {
    return image;
  }

  /** Commits changes made elsewhere. */
  public Fabric apply(Change... changes) {
    image = image.apply(List.of(changes), new Revision(++revision));
    return this;
  }

  public Fabric host(String name, String underlay) {
    return apply(
        new Change.HostPut(
            new Host(new HostName(name), IpAddress.parse(underlay), image.hosts().size() + 1)));
  }

  public Fabric universe(String name, String... prefixes) {
    return universe(name, Action.DENY, Action.ALLOW, false, prefixes);
  }

  public Fabric universe(String name, Action in, Action out, boolean keep, String... prefixes) {
    List<Prefix> parsed = Arrays.stream(prefixes).map(Prefix::parse).toList();
    UniverseName universe = new UniverseName(name);
    boolean there = image.universe(universe).isPresent();
    UniverseNumber number = there ? image.number(universe) : new UniverseNumber(universes++);
    return apply(
        new Change.UniversePut(
            new Universe(universe, parsed, in, out, keep, Internet.NONE), number));
  }

  public Fabric groups(String universe, String... names) {
    for (String name : names) {
      apply(new Change.GroupPut(new SecurityGroup(group(universe + "/" + name))));
    }
    return this;
  }

  /**
   * An endpoint {@code universe/name} with groups and addresses; words with a digit are addresses.
   */
  public Fabric endpoint(String ref, String groups, String... addresses) {
    EndpointRef endpoint = endpoint(ref);
    NavigableSet<GroupName> names = new TreeSet<>();
    words(groups).map(GroupName::new).forEach(names::add);
    UniverseNumber number = image.number(endpoint.universe());
    List<Change> changes = new ArrayList<>();
    Optional<Identity> known = image.identityOf(number, names);
    Identity identity = known.orElseGet(() -> new Identity(identities++));
    if (known.isEmpty()) {
      changes.add(new Change.IdentityAdded(identity, endpoint.universe(), number, names));
    }
    int serial =
        image
            .endpoint(endpoint)
            .map(e -> (int) e.id().getLeastSignificantBits())
            .orElseGet(() -> endpoints++);
    changes.add(
        new Change.EndpointPut(
            new Endpoint(
                endpoint,
                new UUID(0, serial),
                new Mac(0x0200_0000_0000L + serial),
                Arrays.stream(addresses).map(IpAddress::parse).toList(),
                names,
                List.of()),
            identity));
    return apply(changes.toArray(Change[]::new));
  }

  /** Allows an endpoint addresses besides its own: single ones, or prefixes. */
  public Fabric allow(String ref, String... prefixes) {
    Endpoint endpoint = image.endpoint(endpoint(ref)).orElseThrow();
    List<Prefix> allowed = Arrays.stream(prefixes).map(Prefix::parseAddressOrPrefix).toList();
    return apply(
        new Change.EndpointPut(
            new Endpoint(
                endpoint.ref(),
                endpoint.id(),
                endpoint.mac(),
                endpoint.addresses(),
                endpoint.groups(),
                endpoint.publicAddresses(),
                allowed),
            image.identity(endpoint.ref())));
  }

  /** Has a universe log what it denies. */
  public Fabric logDenied(String name) {
    Universe universe = image.universe(new UniverseName(name)).orElseThrow();
    return apply(
        new Change.UniversePut(
            new Universe(
                universe.name(),
                universe.prefixes(),
                universe.defaultIn(),
                universe.defaultOut(),
                universe.keepEstablished(),
                true,
                universe.internet()),
            image.number(universe.name())));
  }

  public Fabric bind(String ref, String host, int port) {
    return apply(new Change.BindingPut(new Binding(endpoint(ref), new HostName(host), port, 1)));
  }

  public Fabric unbind(String ref) {
    return apply(new Change.BindingDeleted(endpoint(ref)));
  }

  public Fabric policy(Policy policy) {
    boolean there = image.policy(policy.ref()).isPresent();
    PolicyNumber number = there ? image.number(policy.ref()) : new PolicyNumber(policies++);
    return apply(new Change.PolicyPut(policy, number));
  }

  // --- words ---------------------------------------------------------------------------------

  public static EndpointRef endpoint(String text) {
    return new EndpointRef(new UniverseName(before(text, '/')), new EndpointName(after(text, '/')));
  }

  public static GroupRef group(String text) {
    return new GroupRef(new UniverseName(before(text, '/')), new GroupName(after(text, '/')));
  }

  private static Stream<String> words(String text) {
    return Pattern.compile(" ").splitAsStream(text).filter(word -> !word.isEmpty());
  }

  private static String before(String text, char mark) {
    return text.substring(0, text.indexOf(mark));
  }

  private static String after(String text, char mark) {
    return text.substring(text.indexOf(mark) + 1);
  }

  /** A universe's policy for members of groups ({@code blue/db}); none: for every endpoint. */
  public static Policy policy(
      String ref, Tier tier, int order, List<String> groups, Rule... rules) {
    return new Policy(
        new PolicyRef(
            Optional.of(new UniverseName(before(ref, '/'))), new PolicyName(after(ref, '/'))),
        tier,
        order,
        new AppliesTo(List.of(), groups.stream().map(Fabric::group).toList()),
        List.of(rules));
  }

  /** The policy with rules that log. */
  public static Policy logged(Policy policy) {
    List<Rule> rules =
        policy.rules().stream()
            .map(
                rule ->
                    new Rule(
                        rule.direction(),
                        rule.action(),
                        rule.order(),
                        rule.peers(),
                        rule.services(),
                        true,
                        rule.stage()))
            .toList();
    return new Policy(
        policy.ref(), policy.tier(), policy.order(), policy.stage(), policy.appliesTo(), rules);
  }

  /** The policy, only tried out. */
  public static Policy audited(Policy policy) {
    return new Policy(
        policy.ref(),
        policy.tier(),
        policy.order(),
        Stage.AUDIT,
        policy.appliesTo(),
        policy.rules());
  }

  public static Policy fabricWide(
      String name, Tier tier, int order, AppliesTo appliesTo, Rule... rules) {
    return new Policy(
        new PolicyRef(Optional.empty(), new PolicyName(name)),
        tier,
        order,
        appliesTo,
        List.of(rules));
  }

  public static Rule in(Action action, List<Peer> peers, Service... services) {
    return new Rule(Direction.IN, action, OptionalInt.empty(), peers, List.of(services), false);
  }

  public static Rule out(Action action, List<Peer> peers, Service... services) {
    return new Rule(Direction.OUT, action, OptionalInt.empty(), peers, List.of(services), false);
  }

  /** Peers: {@code blue/web} is a group, {@code 10.0.0.0/8} a prefix, {@code a/8 - b/9} without. */
  public static List<Peer> peers(String... texts) {
    List<Peer> peers = new ArrayList<>();
    for (String text : texts) {
      if (Character.isDigit(text.charAt(0)) || text.contains(":")) {
        List<Prefix> prefixes = words(text.replace(" -", "")).map(Prefix::parse).toList();
        peers.add(new Peer.Cidr(prefixes.get(0), prefixes.subList(1, prefixes.size())));
      } else {
        peers.add(new Peer.Group(group(text)));
      }
    }
    return peers;
  }

  public static Service tcp(String... ports) {
    return ports(Service.TCP, ports);
  }

  public static Service udp(String... ports) {
    return ports(Service.UDP, ports);
  }

  public static Service sctp(String... ports) {
    return ports(Service.SCTP, ports);
  }

  private static Service ports(int protocol, String... ports) {
    return new Service.Ports(protocol, Arrays.stream(ports).map(PortRange::parse).toList());
  }

  public static Service icmp(boolean v6, int type) {
    return new Service.Icmp(
        v6 ? Service.ICMPV6 : Service.ICMP, OptionalInt.of(type), OptionalInt.empty());
  }
}
