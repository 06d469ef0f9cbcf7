package io.fynbos.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.fynbos.policy.RandomImages;
import io.fynbos.policy.RandomPackets;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.verdict.End;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.verdict.Transport;
import io.fynbos.policy.verdict.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reach says of every packet what the oracle says of it. */
class ReachAgreesTest {
  /** The protocols that random rules name. */
  private static final Set<Integer> NAMED = Set.of(1, 6, 17, 47, 58, 89, 132);

  /** An image with everything, in which some universes have the internet. */
  static Image image(long seed, RandomImages.Size size) {
    RandomImages images = RandomImages.complete(seed);
    Image image = images.image(size);
    List<Edit> edits = new ArrayList<>();
    image
        .universes()
        .forEach(
            (name, versioned) -> {
              Universe u = versioned.value();
              if (seed % 3 == 0) {
                edits.add(
                    new Edit.Put(
                        new Document.UniverseDocument(
                            new Universe(
                                name,
                                u.prefixes(),
                                u.defaultIn(),
                                u.defaultOut(),
                                u.keepEstablished(),
                                Internet.SHARED))));
              }
            });
    return images.commit(image, new Command.Batch(edits));
  }

  /** Whether its ports say that it can only be a reply, which is judged without state. */
  static boolean onlyReply(Packet packet) {
    return packet.stateless()
        && packet.transport() instanceof Transport.Ports ports
        && ports.source() < Oracle.EPHEMERAL_PORT_MIN
        && ports.destination() >= Oracle.EPHEMERAL_PORT_MIN;
  }

  /** Whether a packet may open something: what it may do as a reply is no reach. */
  static boolean opens(Verdict verdict) {
    return verdict.allowed() && !verdict.asReply();
  }

  @Test
  void randomPacketsAreJudgedAlike() {
    int allowed = 0;
    for (long seed = 1; seed <= 20; seed++) {
      Image image = image(seed, RandomImages.Size.MEDIUM);
      Map<UniverseName, Reach> reaches = reaches(image);
      RandomPackets packets = new RandomPackets(seed);
      for (int i = 0; i < 1000; i++) {
        Packet packet = packets.any(image);
        UniverseName universe = ((End.OfEndpoint) packet.from()).ref().universe();
        allowed += check(seed, image, reaches.get(universe), packet) ? 1 : 0;
        Packet back = packet.reversed();
        if (back.from() instanceof End.OfEndpoint end) {
          check(seed, image, reaches.get(end.ref().universe()), back);
        }
      }
    }
    assertThat(allowed).isGreaterThan(1000);
  }

  private static Map<UniverseName, Reach> reaches(Image image) {
    Map<UniverseName, Reach> reaches = new HashMap<>();
    image.universes().keySet().forEach(u -> reaches.put(u, Reach.of(image, u)));
    return reaches;
  }

  private static boolean check(long seed, Image image, @Nullable Reach reach, Packet packet) {
    Verdict verdict = Oracle.judge(image, packet);
    boolean found = Objects.requireNonNull(reach).allows(packet);
    if (found != opens(verdict) && !onlyReply(packet)) {
      fail("seed %d, reach says %s: %s".formatted(seed, found, verdict.explanation()));
    }
    return found;
  }

  /**
   * Where a set of services begins or ends, the oracle changes its mind, for every two addresses.
   */
  @Test
  void everyIntervalEndsWhereTheOracleSays() {
    int edges = 0;
    for (long seed = 1; seed <= 6; seed++) {
      Image image = image(seed, RandomImages.Size.SMALL);
      for (Reach reach : reaches(image).values()) {
        for (Way way : reach.ways()) {
          if (way.from().endpoint().isPresent()) {
            edges += checkEdges(seed, image, reach, way);
          }
        }
      }
    }
    assertThat(edges).isGreaterThan(1000);
  }

  private static int checkEdges(long seed, Image image, Reach reach, Way way) {
    int edges = 0;
    for (Prefix source : way.from().addresses()) {
      for (Prefix destination : way.to().addresses()) {
        if (source.v6() != destination.v6()) {
          continue;
        }
        for (Transport transport : edges(way.services())) {
          edges++;
          Packet packet =
              new Packet(
                  new End.OfEndpoint(way.from().endpoint().orElseThrow(), source.last()),
                  end(way.to(), destination.first()),
                  transport);
          if (check(seed, image, reach, packet) != way.services().contains(transport)) {
            fail("seed %d: %s, but %s".formatted(seed, way, packet));
          }
        }
      }
    }
    return edges;
  }

  private static End end(Place place, IpAddress address) {
    return place
        .endpoint()
        .<End>map(ref -> new End.OfEndpoint(ref, address))
        .orElseGet(() -> new End.OfAddress(address));
  }

  /** What is just inside and just outside of each range. */
  private static Set<Transport> edges(ServiceSet services) {
    Set<Transport> edges = new LinkedHashSet<>();
    for (ServiceSet.Range range : services.ranges()) {
      if (range.whole() && !NAMED.contains(range.protocol())) {
        continue;
      }
      for (int x : new int[] {range.first() - 1, range.first(), range.last(), range.last() + 1}) {
        if (x >= 0 && x <= 0xffff) {
          edges.add(transport(range.protocol(), x));
        }
      }
    }
    return edges;
  }

  private static Transport transport(int protocol, int x) {
    if (Service.hasPorts(protocol)) {
      return new Transport.Ports(protocol, 40000, x);
    }
    return Service.isIcmp(protocol)
        ? new Transport.Icmp(protocol, x >> 8, x & 0xff)
        : new Transport.Other(protocol);
  }

  /** Two places that no way leads between reach each other on nothing. */
  @Test
  void whatIsNotListedIsNotReached() {
    int silent = 0;
    for (long seed = 1; seed <= 15; seed++) {
      Image image = image(seed, RandomImages.Size.SMALL);
      RandomPackets packets = new RandomPackets(seed);
      Map<UniverseName, List<Way>> ways = new HashMap<>();
      reaches(image).forEach((universe, reach) -> ways.put(universe, reach.ways()));
      for (int i = 0; i < 400; i++) {
        Packet packet = packets.any(image);
        UniverseName universe = ((End.OfEndpoint) packet.from()).ref().universe();
        boolean listed =
            Objects.requireNonNull(ways.get(universe)).stream()
                .anyMatch(way -> leads(image, universe, way, packet));
        if (listed != opens(Oracle.judge(image, packet)) && !onlyReply(packet)) {
          fail("seed %d, listed %s: %s".formatted(seed, listed, packet));
        }
        silent += listed ? 0 : 1;
      }
    }
    assertThat(silent).isGreaterThan(500);
  }

  private static boolean leads(Image image, UniverseName universe, Way way, Packet packet) {
    return is(image, universe, way.from(), packet.from())
        && is(image, universe, way.to(), packet.to())
        && way.families().contains(packet.from().address().v6())
        && packet.from().address().v6() == packet.to().address().v6()
        && way.services().contains(packet.transport());
  }

  private static boolean is(Image image, UniverseName universe, Place place, End end) {
    Optional<EndpointRef> endpoint =
        end instanceof End.OfEndpoint known
            ? Optional.of(known.ref())
            : image.endpointAt(universe, end.address()).map(Endpoint::ref);
    return place.endpoint().equals(endpoint)
        && place.addresses().stream().anyMatch(prefix -> prefix.contains(end.address()));
  }

  @Test
  void rulesThatAreTriedOutCountOnlyInTheStagedReach() {
    int differ = 0;
    for (long seed = 1; seed <= 20; seed++) {
      Image image = image(seed, RandomImages.Size.SMALL);
      RandomPackets packets = new RandomPackets(seed);
      Map<UniverseName, Reach> staged = new HashMap<>();
      image.universes().keySet().forEach(u -> staged.put(u, Reach.staged(image, u)));
      for (int i = 0; i < 300; i++) {
        Packet packet = packets.between(image);
        UniverseName universe = ((End.OfEndpoint) packet.from()).ref().universe();
        boolean would = opens(Oracle.judgeStaged(image, packet));
        boolean found = Objects.requireNonNull(staged.get(universe)).allows(packet);
        if (found != would && !onlyReply(packet)) {
          fail("seed %d: %s would be %s".formatted(seed, packet, would));
        }
        differ += would == opens(Oracle.judge(image, packet)) ? 0 : 1;
      }
    }
    assertThat(differ).isGreaterThan(50);
  }
}
