package io.fynbos.labs.bench;

import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.decide.Decider;
import io.fynbos.policy.decide.Decision;
import io.fynbos.policy.decide.Ids;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.wire.Documents;
import io.fynbos.policy.wire.WireError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * A fabric of a given size, the same at every call: universes that share prefixes, endpoints spread
 * over all hosts, and for each policy one group that may use a service of another.
 */
final class GeneratedFabric {
  private static final int UNIVERSES = 10;
  private static final long SEED = 20_240_229;

  private final int hosts;
  private final int endpoints;
  private final int groups;
  private final int policies;
  private final Ids ids = new SeededIds(new Random(SEED));
  private Image image = Image.EMPTY;

  private GeneratedFabric(int hosts, int endpoints, int groups, int policies) {
    this.hosts = hosts;
    this.endpoints = endpoints;
    this.groups = groups;
    this.policies = policies;
  }

  /** Its image, all endpoints bound. */
  static Image image(int hosts, int endpoints, int groups, int policies) {
    GeneratedFabric fabric = new GeneratedFabric(hosts, endpoints, groups, policies);
    fabric.generate();
    return fabric.image;
  }

  /** What a command makes of an image; it must be accepted. */
  static List<Change> decided(Image image, Command command) {
    Decision decision =
        Decider.decide(image, command, new SeededIds(new Random(image.revision().number())));
    if (decision instanceof Decision.Accepted accepted) {
      return accepted.changes();
    }
    throw new IllegalStateException("refused: " + decision);
  }

  /** A policy of the generated kind, as a command. */
  static Command policy(int number, int universe, int groupsInUniverse, int port) {
    try {
      return new Command.Batch(
          Documents.parse(
              policyText(number, universe, groupsInUniverse, port)
                  .getBytes(StandardCharsets.UTF_8)));
    } catch (WireError e) {
      throw new IllegalStateException(e);
    }
  }

  private void generate() {
    List<String> first = new ArrayList<>();
    for (int u = 0; u < UNIVERSES; u++) {
      first.add(
          "{\"kind\":\"Universe\",\"name\":\"u%d\",\"prefixes\":[\"10.0.0.0/16\",\"fd00:7::/64\"]}"
              .formatted(u));
    }
    int groupsEach = groups / UNIVERSES;
    for (int g = 0; g < groups; g++) {
      first.add(
          "{\"kind\":\"SecurityGroup\",\"universe\":\"u%d\",\"name\":\"g%d\"}"
              .formatted(g % UNIVERSES, g / UNIVERSES));
    }
    for (int p = 0; p < policies; p++) {
      first.add(policyText(p, p % UNIVERSES, groupsEach, 1000 + p));
    }
    apply(batch(first));
    List<String> second = new ArrayList<>();
    for (int e = 0; e < endpoints; e++) {
      int own = e / UNIVERSES;
      second.add(
          "{\"kind\":\"Endpoint\",\"universe\":\"u%d\",\"name\":\"e%d\",\"groups\":[\"g%d\"],\"addresses\":[\"10.0.%d.%d\",\"fd00:7::%x\"]}"
              .formatted(e % UNIVERSES, e, own % groupsEach, own / 250, own % 250 + 1, own + 1));
    }
    apply(batch(second));
    bind();
  }

  private void bind() {
    List<List<Attachment>> attachments = new ArrayList<>();
    for (int h = 0; h < hosts; h++) {
      attachments.add(new ArrayList<>());
      IpAddress underlay = IpAddress.parse("172.31.%d.%d".formatted(h / 250, h % 250 + 1));
      apply(new Command.RegisterHost(new Host(host(h), underlay, h + 1)));
    }
    int next = 0;
    for (var versioned : image.endpoints().values()) {
      Endpoint endpoint = versioned.value();
      List<Attachment> there = attachments.get(next++ % hosts);
      there.add(new Attachment(endpoint.id(), there.size() + 1, Optional.of(endpoint.mac())));
    }
    for (int h = 0; h < hosts; h++) {
      apply(new Command.SetBindings(host(h), attachments.get(h), true));
    }
  }

  private static HostName host(int number) {
    return new HostName("h" + number);
  }

  private static String policyText(int number, int universe, int groupsInUniverse, int port) {
    int serving = (number / UNIVERSES) % groupsInUniverse;
    int asking = (serving + 1 + number % 7) % groupsInUniverse;
    return """
        {"kind":"Policy","universe":"u%d","name":"p%d","tier":"universe","appliesTo":{"groups":["g%d"]},
         "rules":[{"direction":"in","action":"allow","peers":[{"group":"g%d"}],
                   "services":[{"protocol":"tcp","ports":["%d"]}]}]}
        """
        .formatted(universe, number, serving, asking, port);
  }

  private static Command batch(List<String> documents) {
    try {
      String all = "[" + String.join(",", documents) + "]";
      return new Command.Batch(Documents.parse(all.getBytes(StandardCharsets.UTF_8)));
    } catch (WireError e) {
      throw new IllegalStateException(e);
    }
  }

  private void apply(Command command) {
    Decision decision = Decider.decide(image, command, ids);
    if (!(decision instanceof Decision.Accepted accepted)) {
      throw new IllegalStateException("refused: " + decision);
    }
    image = image.apply(accepted.changes(), new Revision(image.revision().number() + 1));
  }

  private record SeededIds(Random random) implements Ids {
    @Override
    public UUID uuid() {
      return new UUID(random.nextLong(), random.nextLong());
    }

    @Override
    public Mac mac() {
      return new Mac(0x020000000000L | (random.nextLong() & 0xffff_ffffffL));
    }
  }
}
