package io.fynbos.labs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.labs.cases.CaseException;
import io.fynbos.labs.cases.World;
import io.fynbos.labs.e2e.Shots.Shot;
import io.fynbos.labs.net.Segment;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.policy.RandomPolicies;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.verdict.Transport;
import io.fynbos.policy.wire.Documents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random policies, applied to a running fabric one set after the other; after each, random packets
 * of every kind are judged by the oracle and by Open vSwitch. {@code -Dfynbos.seed} plays other
 * ones than usual, {@code -Dfynbos.rounds} more of them.
 */
@Tag("lab")
class RandomPoliciesLabTest {
  private static final int ROUNDS = Integer.getInteger("fynbos.rounds", 15);
  private static final int SHOTS = 300;
  private static final int POLICIES = 7;
  private static final int REMEMBERED_MAX = 120;
  private static final List<Integer> PORTS = List.of(21, 22, 23, 53, 80, 5432, 7999, 8000, 8080);
  private static final int[] PROTOCOLS = {47, 89, 253};

  private final long seed = Long.getLong("fynbos.seed", 1);
  private final Random random = new Random(seed);
  private final List<Conversation> conversations = new ArrayList<>();
  private int nextPort = 33_000;

  /** A UDP or ICMP conversation that was begun while it was allowed, and is still tracked. */
  private record Conversation(
      Guest client, IpAddress source, Guest server, IpAddress destination, int id, int port) {
    boolean ping() {
      return port == 0;
    }
  }

  @Test
  void openVswitchJudgesAsTheOracleDoes() {
    System.out.println("seed " + seed);
    try (TwoHosts fabric = TwoHosts.up("random");
        GuestWires wires = fabric.wires()) {
      World base = withoutPolicies(fabric);
      World told = base;
      fabric.tell(base.since(World.EMPTY.with(documents(fabric))));
      Shots shots = new Shots(wires);
      int arrived = 0;
      int blocked = 0;
      for (int round = 0; round < ROUNDS; round++) {
        World next = randomly(base);
        fabric.tell(next.since(told));
        told = next;
        Image image = next.image("round " + round);
        List<Shot> fired = shots(fabric, image);
        assertThat(shots.fire(fired))
            .as("seed %d, round %d: %s", seed, round, json(next.since(base)))
            .isEmpty();
        arrived += (int) fired.stream().filter(Shot::arrives).count();
        blocked += (int) fired.stream().filter(shot -> !shot.arrives()).count();
      }
      System.out.printf("%d rounds, %d packets passed, %d blocked%n", ROUNDS, arrived, blocked);
      assertThat(List.of(arrived, blocked)).allMatch(count -> count > 5 * ROUNDS);
    }
  }

  private static List<Edit> documents(TwoHosts fabric) {
    try {
      return Documents.parse(
          fabric.lab().topology().documents().get(0).json().getBytes(StandardCharsets.UTF_8));
    } catch (io.fynbos.policy.wire.WireError e) {
      throw new LabException("the topology's documents", e);
    }
  }

  private static World withoutPolicies(TwoHosts fabric) {
    List<Edit> rest =
        documents(fabric).stream()
            .filter(
                edit ->
                    !(edit instanceof Edit.Put put
                        && put.document() instanceof Document.PolicyDocument))
            .toList();
    return World.EMPTY.with(rest);
  }

  private static String json(List<Edit> edits) {
    return new String(Documents.toJson(edits), StandardCharsets.UTF_8);
  }

  /** The base with policies that a fabric accepts. */
  private World randomly(World base) {
    Image image = base.image("base");
    while (true) {
      RandomPolicies policies = new RandomPolicies(random);
      List<Edit> edits = new ArrayList<>();
      for (int i = 0; i < POLICIES; i++) {
        edits.add(new Edit.Put(new Document.PolicyDocument(policies.policy(image, "r" + i))));
      }
      image.universes().values().forEach(each -> edits.add(withDefaults(each.value())));
      World world = base.with(edits);
      try {
        world.image("random");
        return world;
      } catch (CaseException refused) {
        // Two of the random policies do not go together; the next ones may.
      }
    }
  }

  private Edit withDefaults(Universe universe) {
    return new Edit.Put(
        new Document.UniverseDocument(
            new Universe(
                universe.name(),
                universe.prefixes(),
                random.nextInt(4) == 0 ? Action.DENY : Action.ALLOW,
                random.nextInt(4) == 0 ? Action.DENY : Action.ALLOW,
                false,
                universe.internet())));
  }

  private List<Shot> shots(TwoHosts fabric, Image image) {
    List<Shot> shots = new ArrayList<>();
    for (Conversation each : List.copyOf(conversations)) {
      shots.add(later(image, each));
    }
    List<Guest> guests = fabric.lab().topology().guests();
    while (shots.size() < SHOTS) {
      Guest from = pick(guests);
      Guest to = pick(guests);
      if (from.universe().equals(to.universe()) && !from.equals(to)) {
        shots.add(first(image, from, to, random.nextBoolean()));
      }
    }
    while (conversations.size() > REMEMBERED_MAX) {
      conversations.remove(0);
    }
    return shots;
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static Endpoint endpoint(Image image, Guest guest) {
    return image.endpoint(EndpointRef.of(guest.universe(), guest.endpoint())).orElseThrow();
  }

  private static IpAddress address(Image image, Guest guest, boolean v6) {
    return endpoint(image, guest).addresses().stream()
        .filter(each -> each.v6() == v6)
        .findFirst()
        .orElseThrow();
  }

  /** Either side of a conversation says something; the rules of now say whether it is heard. */
  private Shot later(Image image, Conversation held) {
    boolean v6 = held.source().v6();
    int protocol = v6 ? Segment.ICMPV6 : Segment.ICMP;
    Transport asked =
        held.ping()
            ? new Transport.Icmp(protocol, v6 ? 128 : 8, 0)
            : new Transport.Ports(Segment.UDP, held.id(), held.port());
    boolean may =
        Oracle.judge(image, between(image, held.client(), held.server(), v6, asked)).allowed();
    if (random.nextBoolean()) {
      Segment again =
          held.ping()
              ? new Segment.Echo(protocol, v6 ? 128 : 8, held.id())
              : new Segment.Datagram(held.id(), held.port());
      return new Shot(
          held.client().name(),
          held.source(),
          held.server().name(),
          held.destination(),
          again,
          may,
          may);
    }
    Segment reply =
        held.ping()
            ? new Segment.Echo(protocol, v6 ? 129 : 0, held.id())
            : new Segment.Datagram(held.port(), held.id());
    return new Shot(
        held.server().name(),
        held.destination(),
        held.client().name(),
        held.source(),
        reply,
        may,
        false);
  }

  private static Packet between(
      Image image, Guest from, Guest to, boolean v6, Transport transport) {
    return Packet.between(
        endpoint(image, from),
        address(image, from, v6),
        endpoint(image, to),
        address(image, to, v6),
        transport);
  }

  /** The first packet of something, or one of TCP that no tracker knows. */
  private Shot first(Image image, Guest from, Guest to, boolean v6) {
    int fresh = nextPort++;
    int port = pick(PORTS);
    IpAddress source = address(image, from, v6);
    IpAddress destination = address(image, to, v6);
    int icmp = v6 ? Segment.ICMPV6 : Segment.ICMP;
    Transport transport;
    Segment segment;
    boolean answered = false;
    boolean allowed;
    switch (random.nextInt(8)) {
      case 0, 1 -> {
        transport = new Transport.Ports(Segment.TCP, fresh, port);
        segment = new Segment.Syn(fresh, port);
        answered = true;
      }
      case 2 -> {
        transport = new Transport.Ports(Segment.UDP, fresh, port);
        segment = new Segment.Datagram(fresh, port);
        answered = true;
      }
      case 3 -> {
        transport = new Transport.Ports(Segment.UDP, fresh, port);
        segment = new Segment.LongDatagram(fresh, port, 2 + random.nextInt(2));
      }
      case 4 -> {
        transport = new Transport.Ports(Segment.SCTP, fresh, port);
        segment = new Segment.Sctp(fresh, port);
      }
      case 5 -> {
        transport = new Transport.Icmp(icmp, v6 ? 128 : 8, 0);
        segment = new Segment.Echo(icmp, v6 ? 128 : 8, fresh);
        answered = true;
      }
      case 6 -> {
        return midstream(image, from, to, v6, fresh, port);
      }
      default -> {
        // Without ports, one direction only: else it cannot be told from an answer.
        boolean turn = from.name().compareTo(to.name()) > 0;
        int protocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
        return other(image, turn ? to : from, turn ? from : to, v6, protocol);
      }
    }
    allowed = Oracle.judge(image, between(image, from, to, v6, transport)).allowed();
    if (allowed && answered && !(segment instanceof Segment.Syn)) {
      int kept = segment instanceof Segment.Echo ? 0 : port;
      conversations.add(new Conversation(from, source, to, destination, fresh, kept));
    }
    return new Shot(
        from.name(), source, to.name(), destination, segment, allowed, allowed && answered);
  }

  private Shot midstream(Image image, Guest from, Guest to, boolean v6, int fresh, int port) {
    int low = fresh - 20_000;
    int[][] orientations = {{fresh, port}, {port, fresh}, {low, port}};
    int[] ports = orientations[random.nextInt(orientations.length)];
    Packet packet =
        between(image, from, to, v6, new Transport.Ports(Segment.TCP, ports[0], ports[1]));
    return new Shot(
        from.name(),
        address(image, from, v6),
        to.name(),
        address(image, to, v6),
        new Segment.Data(ports[0], ports[1]),
        Oracle.judgeMidstream(image, packet).allowed(),
        false);
  }

  private static Shot other(Image image, Guest from, Guest to, boolean v6, int protocol) {
    Packet packet = between(image, from, to, v6, new Transport.Other(protocol));
    return new Shot(
        from.name(),
        address(image, from, v6),
        to.name(),
        address(image, to, v6),
        new Segment.Other(protocol),
        Oracle.judge(image, packet).allowed(),
        false);
  }
}
