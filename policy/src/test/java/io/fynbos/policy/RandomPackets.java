package io.fynbos.policy;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.verdict.End;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.verdict.Transport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Random packets between the endpoints of an image, chosen so that its rules are hit, and nearly
 * missed, often.
 */
public final class RandomPackets {
  private final Random random;

  public RandomPackets(long seed) {
    this.random = new Random(seed);
  }

  /**
   * A packet from an endpoint to another of its universe, of a family that both have, from and to
   * any address that they have or are allowed. The image has two such.
   */
  public Packet between(Image image) {
    while (true) {
      EndpointRef from = pick(image.endpoints().keySet());
      EndpointRef to = pick(image.endpointsOf(from.universe()));
      Endpoint sender = image.endpoint(from).orElseThrow();
      Endpoint receiver = image.endpoint(to).orElseThrow();
      IpAddress source = pick(addresses(sender));
      List<IpAddress> destinations =
          addresses(receiver).stream()
              .filter(a -> a.v6() == source.v6())
              .filter(a -> image.endpointAt(to.universe(), a).equals(Optional.of(receiver)))
              .toList();
      if (!from.equals(to) && !destinations.isEmpty()) {
        Transport transport = transport(image, from, source.v6());
        return Packet.between(sender, source, receiver, pick(destinations), transport);
      }
    }
  }

  /** Its own addresses, and some of each range that it is allowed. */
  private List<IpAddress> addresses(Endpoint endpoint) {
    List<IpAddress> addresses = new ArrayList<>(endpoint.addresses());
    for (Prefix prefix : endpoint.allowedAddresses()) {
      addresses.add(random.nextBoolean() ? prefix.first() : prefix.last());
    }
    return addresses;
  }

  /**
   * Mostly what {@link #between} makes; sometimes to nowhere, across universes, or from somebody
   * else's address.
   */
  public Packet any(Image image) {
    Packet packet = between(image);
    return switch (random.nextInt(12)) {
      case 0 -> {
        IpAddress nowhere =
            packet.to().address().v6()
                ? IpAddress.parse("fd00:7::ffff")
                : IpAddress.parse("10.0.0.250");
        yield new Packet(packet.from(), new End.OfAddress(nowhere), packet.transport());
      }
      case 1 -> {
        IpAddress outside =
            packet.to().address().v6()
                ? IpAddress.parse("2001:db8::1")
                : IpAddress.parse("192.0.2.1");
        yield new Packet(packet.from(), new End.OfAddress(outside), packet.transport());
      }
      case 2 ->
          new Packet(packet.from(), new End.OfAddress(packet.to().address()), packet.transport());
      case 3 -> {
        Endpoint stranger = image.endpoint(pick(image.endpoints().keySet())).orElseThrow();
        IpAddress address = pick(addresses(stranger));
        yield new Packet(
            packet.from(), new End.OfEndpoint(stranger.ref(), address), packet.transport());
      }
      default -> packet;
    };
  }

  /** What a rule that could judge the packet is about, or nearly so; or anything. */
  private Transport transport(Image image, EndpointRef from, boolean v6) {
    List<Service> services = new ArrayList<>();
    for (PolicyRef ref : image.fabricPolicies()) {
      rules(image, ref).forEach(rule -> services.addAll(rule.services()));
    }
    for (PolicyRef ref : image.policiesOf(from.universe())) {
      rules(image, ref).forEach(rule -> services.addAll(rule.services()));
    }
    if (services.isEmpty() || random.nextInt(4) == 0) {
      return anything(v6);
    }
    Service service = pick(services);
    boolean otherFamily = service.protocol() == (v6 ? Service.ICMP : Service.ICMPV6);
    return otherFamily ? anything(v6) : hitting(service);
  }

  private static List<Rule> rules(Image image, PolicyRef ref) {
    return image.policy(ref).orElseThrow().rules();
  }

  private Transport hitting(Service service) {
    if (service instanceof Service.Ports of) {
      PortRange range = of.ports().isEmpty() ? PortRange.ALL : pick(of.ports());
      int port =
          switch (random.nextInt(5)) {
            case 0 -> Math.max(0, range.first() - 1);
            case 1 -> Math.min(PortRange.PORT_MAX, range.last() + 1);
            case 2 -> range.first();
            case 3 -> range.last();
            default -> range.first() + random.nextInt(range.last() - range.first() + 1);
          };
      return new Transport.Ports(of.protocol(), sourcePort(), port);
    }
    if (service instanceof Service.Icmp of) {
      int type = of.type().orElseGet(() -> icmpType(of.protocol() == Service.ICMPV6));
      return new Transport.Icmp(of.protocol(), type, of.code().orElseGet(() -> random.nextInt(2)));
    }
    return new Transport.Other(service.protocol());
  }

  private Transport anything(boolean v6) {
    return switch (random.nextInt(6)) {
      case 0, 1 ->
          new Transport.Ports(Service.TCP, sourcePort(), pick(RandomPolicies.PORTS).first());
      case 2 -> new Transport.Ports(Service.UDP, sourcePort(), pick(RandomPolicies.PORTS).last());
      case 3 ->
          new Transport.Ports(
              Service.SCTP, pick(RandomPolicies.PORTS).first(), random.nextInt(1 << 16));
      case 4 ->
          new Transport.Icmp(v6 ? Service.ICMPV6 : Service.ICMP, icmpType(v6), random.nextInt(2));
      default -> new Transport.Other(pick(RandomPolicies.OTHER_PROTOCOLS));
    };
  }

  /**
   * Echo requests mostly; types that the datapath does not track, too. Never neighbour discovery.
   */
  private int icmpType(boolean v6) {
    return v6 ? pick(List.of(128, 128, 140, 200)) : pick(List.of(8, 8, 13, 15, 17, 42));
  }

  private int sourcePort() {
    return random.nextInt(3) == 0 ? random.nextInt(1 << 16) : 32768 + random.nextInt(28000);
  }

  private <T> T pick(Collection<T> values) {
    return List.copyOf(values).get(random.nextInt(values.size()));
  }
}
