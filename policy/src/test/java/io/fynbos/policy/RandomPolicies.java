package io.fynbos.policy;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyName;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/** Random policies about the groups and addresses of an image. */
public final class RandomPolicies {
  private static final List<Integer> ORDERS = List.of(0, 900, 1000, 1000, 1000, 15999);
  static final List<PortRange> PORTS =
      List.of(
          PortRange.of(22),
          PortRange.of(53),
          PortRange.of(80),
          PortRange.of(5432),
          new PortRange(8000, 8080),
          new PortRange(1, 1023),
          PortRange.ALL);
  static final List<Integer> OTHER_PROTOCOLS = List.of(47, 89);

  private final Random random;
  private final boolean complete;

  /**
   * @param complete whether some rules are only tried out
   */
  public RandomPolicies(Random random, boolean complete) {
    this.random = random;
    this.complete = complete;
  }

  public RandomPolicies(Random random) {
    this(random, false);
  }

  /** A policy for a universe, or for all, naming only what is there. */
  public Policy policy(Image image, String name) {
    Tier tier = pick(List.of(Tier.values()));
    boolean fabricWide = tier != Tier.UNIVERSE && random.nextBoolean();
    Optional<UniverseName> universe =
        fabricWide || image.universes().isEmpty()
            ? Optional.empty()
            : Optional.of(pick(image.universes().keySet()));
    Tier fitting = universe.isEmpty() && tier == Tier.UNIVERSE ? Tier.DEFAULT : tier;
    List<GroupRef> groups =
        universe
            .map(u -> List.copyOf(image.groupsOf(u)))
            .orElseGet(() -> List.copyOf(image.groups().keySet()));
    List<Rule> rules = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      rules.add(rule(image, fitting, groups));
    }
    PolicyRef ref = new PolicyRef(universe, new PolicyName(name));
    Stage stage = complete && random.nextInt(6) == 0 ? Stage.AUDIT : Stage.ENFORCE;
    return new Policy(ref, fitting, pick(ORDERS), stage, appliesTo(image, universe, groups), rules);
  }

  private AppliesTo appliesTo(Image image, Optional<UniverseName> universe, List<GroupRef> groups) {
    Set<UniverseName> universes = new LinkedHashSet<>();
    if (universe.isEmpty() && random.nextInt(3) == 0 && !image.universes().isEmpty()) {
      universes.add(pick(image.universes().keySet()));
    }
    Set<GroupRef> some = new LinkedHashSet<>();
    while (!groups.isEmpty() && some.size() < 3 && random.nextInt(2) == 0) {
      some.add(pick(groups));
    }
    return new AppliesTo(List.copyOf(universes), List.copyOf(some));
  }

  private Rule rule(Image image, Tier tier, List<GroupRef> groups) {
    List<Action> actions =
        tier == Tier.GUARDRAIL
            ? List.of(Action.values())
            : List.of(Action.ALLOW, Action.ALLOW, Action.DENY, Action.REJECT);
    Set<Peer> peers = new LinkedHashSet<>();
    while (peers.size() < 3 && random.nextInt(3) > 0) {
      peers.add(
          groups.isEmpty() || random.nextInt(3) == 0 ? cidr(image) : new Peer.Group(pick(groups)));
    }
    Set<Service> services = new LinkedHashSet<>();
    while (services.size() < 3 && random.nextInt(3) > 0) {
      services.add(service());
    }
    return new Rule(
        pick(List.of(Direction.values())),
        pick(actions),
        random.nextInt(4) == 0 ? OptionalInt.of(pick(ORDERS)) : OptionalInt.empty(),
        List.copyOf(peers),
        List.copyOf(services),
        random.nextInt(8) == 0,
        complete && random.nextInt(4) == 0
            ? Optional.of(pick(List.of(Stage.values())))
            : Optional.empty());
  }

  /** A prefix around some endpoint's address, often without a part of it. */
  private Peer cidr(Image image) {
    if (image.endpoints().isEmpty()) {
      return new Peer.Cidr(Prefix.parse("10.0.0.0/8"), List.of());
    }
    Versioned<Endpoint> endpoint = pick(image.endpoints().values());
    IpAddress address = pick(addresses(endpoint.value()));
    int length = address.bits() - random.nextInt(9);
    Prefix prefix = around(address, length);
    List<Prefix> except =
        length < address.bits() && random.nextBoolean()
            ? List.of(around(address, length + 1 + random.nextInt(address.bits() - length)))
            : List.of();
    return new Peer.Cidr(prefix, except);
  }

  /** Its own addresses, and the first of each range that it is allowed. */
  static List<IpAddress> addresses(Endpoint endpoint) {
    List<IpAddress> addresses = new ArrayList<>(endpoint.addresses());
    endpoint.allowedAddresses().forEach(prefix -> addresses.add(prefix.first()));
    return addresses;
  }

  private static Prefix around(IpAddress address, int length) {
    long low = address.low();
    int hostBits = address.bits() - length;
    return new Prefix(new IpAddress(address.v6(), address.high(), low & (-1L << hostBits)), length);
  }

  private Service service() {
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> new Service.Ports(Service.TCP, ports());
      case 3 -> new Service.Ports(Service.UDP, ports());
      case 4 -> new Service.Ports(Service.SCTP, ports());
      case 5 -> new Service.Icmp(Service.ICMP, OptionalInt.of(8), OptionalInt.empty());
      case 6 -> new Service.Icmp(Service.ICMPV6, OptionalInt.of(128), OptionalInt.of(0));
      case 7 -> Service.all(random.nextBoolean() ? Service.ICMP : Service.ICMPV6);
      default -> Service.all(pick(OTHER_PROTOCOLS));
    };
  }

  private List<PortRange> ports() {
    Set<PortRange> ports = new LinkedHashSet<>();
    while (ports.size() < 3 && random.nextInt(3) > 0) {
      ports.add(pick(PORTS));
    }
    return List.copyOf(ports);
  }

  private <T> T pick(Collection<T> values) {
    return List.copyOf(values).get(random.nextInt(values.size()));
  }
}
