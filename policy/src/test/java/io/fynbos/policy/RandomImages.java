package io.fynbos.policy;

import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.decide.Decider;
import io.fynbos.policy.decide.Decision;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Document.EndpointDocument;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.SecurityGroup;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.pcollections.TreePSet;

/**
 * Random images, and random commands on them, the same for the same seed. Universes share their
 * prefixes; endpoints are few enough that rules hit them.
 */
public final class RandomImages {
  private static final int TRIES_MAX = 1000;
  private static final List<Prefix> PREFIXES =
      List.of(Prefix.parse("10.0.0.0/24"), Prefix.parse("fd00:7::/64"));

  /** Addresses that several endpoints are allowed, as VRRP has them. */
  private static final List<Prefix> SHARED =
      List.of(
          Prefix.parseAddressOrPrefix("10.0.0.240"),
          Prefix.parseAddressOrPrefix("10.0.0.241"),
          Prefix.parseAddressOrPrefix("fd00:7::f0"));

  /** Endpoints with a lower number may be allowed a range of IPv4. */
  private static final int RANGES_MAX = 24;

  private final boolean complete;
  private final Random random;
  private final SeededIds ids;
  private final RandomPolicies policies;

  /**
   * How large a random image is: totals for the whole fabric, except groups, which are for each
   * universe.
   */
  public record Size(int universes, int groups, int endpoints, int policies, int hosts) {
    public static final Size SMALL = new Size(2, 3, 8, 6, 2);
    public static final Size MEDIUM = new Size(3, 5, 40, 30, 5);
  }

  /** Images without rules that are only tried out, allowed addresses and a log of denials. */
  public RandomImages(long seed) {
    this(seed, false);
  }

  private RandomImages(long seed, boolean complete) {
    this.complete = complete;
    this.random = new Random(seed);
    this.ids = new SeededIds(seed);
    this.policies = new RandomPolicies(random, complete);
  }

  /** Images with everything that a document can say. */
  public static RandomImages complete(long seed) {
    return new RandomImages(seed, true);
  }

  /** An image with hosts, and most of its endpoints bound to them. */
  public Image image(Size size) {
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < size.universes(); i++) {
      UniverseName universe = new UniverseName("u" + i);
      edits.add(put(new Document.UniverseDocument(universe(universe))));
      for (int j = 0; j < size.groups(); j++) {
        edits.add(put(group(universe, j)));
      }
    }
    for (int i = 0; i < size.hosts(); i++) {
      edits.add(put(new Document.HostDocument(host(i))));
    }
    Image image = commit(Image.EMPTY, new Command.Batch(edits));
    List<Edit> more = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < size.endpoints(); i++) {
      UniverseName universe = new UniverseName("u" + random.nextInt(size.universes()));
      EndpointDocument document = endpoint(image, EndpointRef.of(universe.value(), "e" + i));
      while (!taken.addAll(inUniverse(document)) && !document.addresses().isEmpty()) {
        document = endpoint(image, document.key());
      }
      more.add(put(document));
    }
    image = commit(image, new Command.Batch(more));
    List<Edit> rules = new ArrayList<>();
    for (int i = 0; i < size.policies(); i++) {
      rules.add(put(new Document.PolicyDocument(policies.policy(image, "p" + i))));
    }
    Image bound = bindAll(commit(image, new Command.Batch(rules)));
    return complete ? claimSome(bound) : bound;
  }

  private static List<String> inUniverse(EndpointDocument document) {
    return document.addresses().stream().map(a -> document.key().universe() + " " + a).toList();
  }

  private Image claimSome(Image image) {
    Image claimed = image;
    for (Versioned<Binding> binding : image.bindings().values()) {
      Endpoint endpoint = image.endpoint(binding.value().endpoint()).orElseThrow();
      for (Prefix prefix : endpoint.allowedAddresses()) {
        if (prefix.single() && random.nextInt(4) == 0) {
          claimed =
              commit(
                  claimed,
                  new Command.ClaimAddress(endpoint.id(), binding.value().host(), prefix.first()));
        }
      }
    }
    return claimed;
  }

  private Image bindAll(Image image) {
    List<HostName> hosts = List.copyOf(image.hosts().keySet());
    List<List<Attachment>> attached = new ArrayList<>();
    hosts.forEach(host -> attached.add(new ArrayList<>()));
    for (Versioned<Endpoint> endpoint : image.endpoints().values()) {
      if (hosts.isEmpty() || random.nextInt(10) == 0) {
        continue;
      }
      List<Attachment> on = attached.get(random.nextInt(hosts.size()));
      on.add(new Attachment(endpoint.value().id(), on.size() + 1, Optional.empty()));
    }
    Image bound = image;
    for (int i = 0; i < hosts.size(); i++) {
      bound = commit(bound, new Command.SetBindings(hosts.get(i), attached.get(i), true));
    }
    return bound;
  }

  /** The image after the command, which must be accepted. */
  public Image commit(Image image, Command command) {
    Decision decision = Decider.decide(image, command, ids);
    if (decision instanceof Decision.Accepted accepted) {
      return image.apply(accepted.changes(), image.revision().next());
    }
    throw new IllegalStateException(
        "refused: " + ((Decision.Refused) decision).refusal().message());
  }

  /** Changes that some random command makes of the image; never none. */
  public List<Change> changes(Image image) {
    for (int i = 0; i < TRIES_MAX; i++) {
      Decision decision = Decider.decide(image, command(image), ids);
      if (decision instanceof Decision.Accepted accepted && !accepted.changes().isEmpty()) {
        return accepted.changes();
      }
    }
    throw new IllegalStateException("no command changes anything in " + image);
  }

  /** The image after some random command. */
  public Image next(Image image) {
    return image.apply(changes(image), image.revision().next());
  }

  /** A command about the image's objects or new ones; it may well be refused. */
  public Command command(Image image) {
    return switch (random.nextInt(complete ? 10 : 8)) {
      case 0 -> setBindings(image);
      case 1 -> new Command.Batch(distinct(List.of(edit(image), edit(image), edit(image))));
      case 2 ->
          new Command.ReleaseNumbers(new Revision(random.nextLong(image.revision().number() + 1)));
      case 8, 9 -> claim(image);
      default -> command(edit(image));
    };
  }

  private static Command command(Edit edit) {
    return edit instanceof Edit.Put put
        ? new Command.Put(put.document())
        : new Command.Delete(edit.key());
  }

  private static List<Edit> distinct(List<Edit> edits) {
    List<Edit> distinct = new ArrayList<>();
    for (Edit edit : edits) {
      if (distinct.stream().noneMatch(other -> other.key().equals(edit.key()))) {
        distinct.add(edit);
      }
    }
    return distinct;
  }

  private Edit edit(Image image) {
    if (image.universes().isEmpty()) {
      return put(new Document.UniverseDocument(universe(new UniverseName("u0"))));
    }
    UniverseName universe = pick(image.universes().keySet());
    return switch (random.nextInt(16)) {
      case 0 ->
          put(new Document.UniverseDocument(universe(new UniverseName("u" + random.nextInt(4)))));
      case 1 -> new Edit.Delete(universe);
      case 2 -> put(group(universe, random.nextInt(6)));
      case 3 ->
          image.groups().isEmpty()
              ? put(group(universe, 0))
              : new Edit.Delete(pick(image.groups().keySet()));
      case 4, 5 ->
          image.endpoints().isEmpty()
              ? put(group(universe, 0))
              : new Edit.Delete(pick(image.endpoints().keySet()));
      case 6, 7 ->
          image.policies().isEmpty()
              ? put(group(universe, 0))
              : new Edit.Delete(pick(image.policies().keySet()));
      case 8 -> put(new Document.HostDocument(host(random.nextInt(6))));
      case 9 ->
          image.hosts().isEmpty() || random.nextInt(3) > 0
              ? put(group(universe, 0))
              : new Edit.Delete(pick(image.hosts().keySet()));
      case 10, 11, 12 ->
          put(endpoint(image, EndpointRef.of(universe.value(), "e" + random.nextInt(12))));
      default -> put(new Document.PolicyDocument(policies.policy(image, "p" + random.nextInt(10))));
    };
  }

  private static Edit put(Document document) {
    return new Edit.Put(document);
  }

  private Universe universe(UniverseName name) {
    return new Universe(
        name,
        PREFIXES,
        random.nextInt(4) == 0 ? Action.ALLOW : Action.DENY,
        random.nextInt(4) == 0 ? Action.DENY : Action.ALLOW,
        random.nextInt(4) == 0,
        complete && random.nextInt(3) == 0,
        Internet.NONE);
  }

  private static Document group(UniverseName universe, int index) {
    GroupRef ref = GroupRef.of(universe.value(), "g" + index);
    return new Document.GroupDocument(new SecurityGroup(ref));
  }

  private EndpointDocument endpoint(Image image, EndpointRef ref) {
    List<GroupName> groups = new ArrayList<>();
    for (GroupRef group : image.groupsOf(ref.universe())) {
      if (random.nextInt(3) == 0) {
        groups.add(group.name());
      }
    }
    boolean renumbered = random.nextInt(8) == 0;
    List<IpAddress> addresses =
        renumbered
            ? List.of(IpAddress.v4(0x0a00_0080L + random.nextInt(complete ? 64 : 100)))
            : List.of();
    return new EndpointDocument(
        ref,
        Optional.empty(),
        Optional.empty(),
        addresses,
        TreePSet.from(groups),
        List.of(),
        complete ? allowed(ref) : List.of());
  }

  /** Shared addresses, and ranges that are the endpoint's own by its number. */
  private List<Prefix> allowed(EndpointRef ref) {
    int number = Integer.parseInt(ref.name().value().substring(1));
    List<Prefix> allowed = new ArrayList<>();
    for (Prefix shared : SHARED) {
      if (random.nextInt(3) == 0) {
        allowed.add(shared);
      }
    }
    if (random.nextInt(3) == 0 && number < RANGES_MAX) {
      allowed.add(new Prefix(IpAddress.v4(0x0a00_00c0L + 2L * number), 31));
    }
    if (random.nextInt(3) == 0) {
      allowed.add(Prefix.parse("fd00:7::1:%x00/120".formatted(number)));
    }
    return allowed;
  }

  /** A claim of an address that some endpoint is allowed, mostly from where it is attached. */
  private Command claim(Image image) {
    if (image.bindings().isEmpty()) {
      return setBindings(image);
    }
    Binding binding = pick(image.bindings().values()).value();
    Endpoint endpoint = image.endpoint(binding.endpoint()).orElseThrow();
    List<Prefix> allowed = endpoint.allowedAddresses();
    IpAddress address = allowed.isEmpty() ? SHARED.get(0).first() : pick(allowed).first();
    return new Command.ClaimAddress(endpoint.id(), binding.host(), address);
  }

  private static Host host(int index) {
    return new Host(
        new HostName("h" + index), IpAddress.v4(0xac1f_0001L + index), 0x0200_0000_0001L + index);
  }

  private Command setBindings(Image image) {
    if (image.hosts().isEmpty() || image.endpoints().isEmpty()) {
      return new Command.RegisterHost(host(0));
    }
    List<Attachment> attachments = new ArrayList<>();
    for (Versioned<Endpoint> endpoint : image.endpoints().values()) {
      if (random.nextInt(3) == 0) {
        attachments.add(
            new Attachment(
                endpoint.value().id(),
                1 + random.nextInt(20),
                random.nextInt(6) == 0
                    ? Optional.of(ids.mac())
                    : Optional.of(endpoint.value().mac())));
      }
    }
    if (random.nextInt(4) == 0) {
      attachments.add(new Attachment(ids.uuid(), 30, Optional.empty()));
    }
    return new Command.SetBindings(
        pick(image.hosts().keySet()), attachments, random.nextInt(3) > 0);
  }

  private <T> T pick(Collection<T> values) {
    return List.copyOf(values).get(random.nextInt(values.size()));
  }
}
