package io.fynbos.policy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.ImageInvariants;
import io.fynbos.policy.RandomImages;
import io.fynbos.policy.SeededIds;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Snapshot;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Document.EndpointDocument;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.FabricObject;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Pool;
import io.fynbos.policy.model.PoolName;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.PublicAddress;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcollections.TreePSet;

/**
 * Random commands, sensible and not, are accepted or refused; whatever is accepted leaves a sound
 * image.
 */
class DeciderFuzzTest {
  private final Map<String, Integer> refusals = new TreeMap<>();
  private Random random = new Random(0);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whateverIsAcceptedLeavesASoundImage(long seed) {
    RandomImages images = RandomImages.complete(seed);
    random = new Random(seed);
    SeededIds ids = new SeededIds(seed + 100);
    Image image = images.image(RandomImages.Size.SMALL);
    int accepted = 0;
    for (int i = 0; i < 1500; i++) {
      Command command =
          switch (random.nextInt(3)) {
            case 0 -> images.command(image);
            case 1 -> new Command.Batch(List.of(edit(image)));
            default -> new Command.Batch(distinct(image));
          };
      Decision decision = Decider.decide(image, command, ids);
      if (decision instanceof Decision.Accepted changes) {
        image = image.apply(changes.changes(), image.revision().next());
        accepted++;
        if (i % 5 == 0) {
          ImageInvariants.check(image);
        }
      } else {
        Refusal refusal = ((Decision.Refused) decision).refusal();
        assertThat(refusal.message()).isNotBlank();
        refusals.merge(refusal.type(), 1, Integer::sum);
      }
    }
    assertThat(Snapshot.replay(Snapshot.of(image), image.revision())).isEqualTo(image);
    assertThat(accepted).isGreaterThan(400);
    assertThat(refusals.keySet())
        .contains(
            "universe-in-use",
            "group-in-use",
            "prefix-in-use",
            "internet-in-use",
            "address-taken",
            "address-outside",
            "needs-internet",
            "public-address-taken",
            "public-address-outside",
            "pool-in-use",
            "pool-overlaps");
  }

  private List<Edit> distinct(Image image) {
    Map<String, Edit> edits = new TreeMap<>();
    int count = 2 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      Edit edit = edit(image);
      edits.put(edit.key().sentence(), edit);
    }
    return new ArrayList<>(edits.values());
  }

  /**
   * What the ordinary random commands leave out: the internet, public addresses, pools, other
   * prefixes.
   */
  private Edit edit(Image image) {
    return switch (random.nextInt(4)) {
      case 0 -> put(universe());
      case 1 -> random.nextInt(4) == 0 ? new Edit.Delete(pool().name()) : put(pool());
      default -> new Edit.Put(endpoint(image));
    };
  }

  private static Edit put(FabricObject object) {
    return new Edit.Put(object.document());
  }

  private Universe universe() {
    List<Prefix> prefixes =
        switch (random.nextInt(4)) {
          case 0 -> List.of(Prefix.parse("10.0.0.0/25"), Prefix.parse("10.0.0.128/25"));
          case 1 -> List.of(Prefix.parse("10.0.0.0/26"));
          default -> List.of(Prefix.parse("10.0.0.0/24"), Prefix.parse("fd00:7::/64"));
        };
    return new Universe(
        new UniverseName("u" + random.nextInt(3)),
        prefixes,
        Action.DENY,
        Action.ALLOW,
        false,
        random.nextInt(4) == 0 ? Internet.NONE : Internet.SHARED);
  }

  private Pool pool() {
    boolean second = random.nextBoolean();
    Prefix whole = Prefix.parse(random.nextInt(3) == 0 ? "203.0.113.0/27" : "203.0.113.0/28");
    Prefix prefix = second ? Prefix.parse("203.0.113.16/28") : whole;
    boolean shares = !second && random.nextInt(3) == 0;
    return new Pool(
        new PoolName(second ? "second" : "first"),
        List.of(prefix),
        shares ? List.of(Prefix.parse("203.0.113.0/29")) : List.of());
  }

  private EndpointDocument endpoint(Image image) {
    EndpointRef ref = EndpointRef.of("u" + random.nextInt(3), "e" + random.nextInt(8));
    IpAddress address = IpAddress.v4(0x0a00_0000L + random.nextInt(300));
    Optional<IpAddress> own =
        image.endpoint(ref).map(endpoint -> endpoint.addresses().get(0)).filter(a -> !a.v6());
    List<PublicAddress> publicAddresses =
        random.nextInt(3) == 0
            ? List.of()
            : List.of(
                new PublicAddress(
                    IpAddress.v4(0xcb00_7100L + random.nextInt(36)), own.orElse(address)));
    List<Versioned<Endpoint>> others = List.copyOf(image.endpoints().values());
    boolean stolen = !others.isEmpty() && random.nextInt(10) == 0;
    return new EndpointDocument(
        ref,
        stolen
            ? Optional.of(others.get(random.nextInt(others.size())).value().id())
            : Optional.empty(),
        Optional.empty(),
        own.isPresent() && random.nextBoolean() ? List.of() : List.of(address),
        TreePSet.empty(),
        publicAddresses);
  }
}
