package io.fynbos.policy;

import io.fynbos.policy.decide.Command;
import io.fynbos.policy.decide.Decider;
import io.fynbos.policy.decide.Decision;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.SecurityGroup;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeSet;

/**
 * One universe with many endpoints, the same for the same seed: each endpoint in one to three
 * groups, so that nearly all have a set of their own; each policy for two groups, with an allow and
 * sometimes a deny or an out rule, on ports, from groups and now and then from a CIDR.
 */
public final class LargeUniverse {
  public static final UniverseName NAME = new UniverseName("large");

  private final Random random;
  private final int groups;

  private LargeUniverse(long seed, int groups) {
    this.random = new Random(seed);
    this.groups = groups;
  }

  /** The universe of that many endpoints, groups and policies. */
  public static Image image(long seed, int endpoints, int groups, int policies) {
    LargeUniverse universe = new LargeUniverse(seed, groups);
    List<Edit> edits = new ArrayList<>();
    edits.add(put(universe.universe()));
    for (int i = 0; i < groups; i++) {
      edits.add(put(new Document.GroupDocument(new SecurityGroup(group(i)))));
    }
    for (int i = 0; i < endpoints; i++) {
      edits.add(put(universe.endpoint(i)));
    }
    for (int i = 0; i < policies; i++) {
      edits.add(put(new Document.PolicyDocument(universe.policy(i))));
    }
    Decision decision = Decider.decide(Image.EMPTY, new Command.Batch(edits), new SeededIds(seed));
    if (decision instanceof Decision.Accepted accepted) {
      return Image.EMPTY.apply(accepted.changes(), Image.EMPTY.revision().next());
    }
    throw new IllegalStateException(((Decision.Refused) decision).refusal().message());
  }

  private static Edit put(Document document) {
    return new Edit.Put(document);
  }

  private Document universe() {
    List<Prefix> prefixes = List.of(Prefix.parse("10.0.0.0/16"), Prefix.parse("fd00:7::/64"));
    return new Document.UniverseDocument(
        new Universe(NAME, prefixes, Action.DENY, Action.ALLOW, false, Internet.SHARED));
  }

  private static GroupRef group(int index) {
    return GroupRef.of(NAME.value(), "g" + index);
  }

  private GroupRef anyGroup() {
    return group(random.nextInt(groups));
  }

  private Document endpoint(int index) {
    TreeSet<GroupName> in = new TreeSet<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      in.add(anyGroup().name());
    }
    return new Document.EndpointDocument(
        EndpointRef.of(NAME.value(), "e" + index),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        in,
        List.of());
  }

  private Policy policy(int index) {
    List<Rule> rules = new ArrayList<>();
    rules.add(rule(Direction.IN, Action.ALLOW));
    if (random.nextInt(3) == 0) {
      rules.add(rule(Direction.IN, Action.DENY));
    }
    if (random.nextInt(3) == 0) {
      rules.add(rule(Direction.OUT, random.nextBoolean() ? Action.DENY : Action.ALLOW));
    }
    List<GroupRef> to = List.copyOf(new TreeSet<>(List.of(anyGroup(), anyGroup())));
    return new Policy(
        PolicyRef.of(NAME.value(), "p" + index),
        Tier.UNIVERSE,
        random.nextInt(Policy.ORDER_MAX),
        new AppliesTo(List.of(), to),
        rules);
  }

  private Rule rule(Direction direction, Action action) {
    int port = 1 + random.nextInt(10_000);
    PortRange ports = new PortRange(port, port + (random.nextInt(4) == 0 ? 100 : 0));
    Peer peer =
        random.nextInt(10) == 0
            ? new Peer.Cidr(Prefix.parse("10.0.%d.0/25".formatted(random.nextInt(4))), List.of())
            : new Peer.Group(anyGroup());
    int protocol = random.nextInt(4) == 0 ? Service.UDP : Service.TCP;
    return new Rule(
        direction,
        action,
        OptionalInt.empty(),
        List.of(peer),
        List.of(new Service.Ports(protocol, List.of(ports))),
        false);
  }
}
