package io.fynbos.labs.bench.micro;

import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.decide.Decider;
import io.fynbos.policy.decide.Decision;
import io.fynbos.policy.decide.Ids;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
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
import java.util.UUID;

/**
 * Many small universes on many hosts, the shape of Antrea's published benchmark: in each universe
 * two groups of two endpoints, and three policies (deny all that comes in; each group may ask
 * itself). The endpoints of a universe stand on different hosts.
 */
final class SmallUniverses {
  static final int ENDPOINTS_EACH = 4;
  static final int POLICIES_EACH = 3;
  private static final int UNIVERSES_PER_BATCH = 1_000;
  private static final Ids NOTHING_TO_ASSIGN = new Given();

  private final int universes;
  private final int hosts;

  SmallUniverses(int universes, int hosts) {
    this.universes = universes;
    this.hosts = hosts;
  }

  /** All of it as commands, in the order that a controller would get them. */
  List<Command> commands() {
    List<Command> commands = new ArrayList<>();
    for (int h = 0; h < hosts; h++) {
      IpAddress underlay = IpAddress.parse("172.31.%d.%d".formatted(h / 250, h % 250 + 1));
      commands.add(new Command.RegisterHost(new Host(host(h), underlay, h + 1)));
    }
    for (int first = 0; first < universes; first += UNIVERSES_PER_BATCH) {
      StringBuilder documents = new StringBuilder("[");
      for (int u = first; u < Math.min(universes, first + UNIVERSES_PER_BATCH); u++) {
        documents.append(documents.length() > 1 ? "," : "").append(documents(u));
      }
      commands.add(parsed(documents.append("]").toString()));
    }
    List<List<Attachment>> attachments = new ArrayList<>();
    for (int h = 0; h < hosts; h++) {
      attachments.add(new ArrayList<>());
    }
    for (int u = 0; u < universes; u++) {
      for (int e = 0; e < ENDPOINTS_EACH; e++) {
        List<Attachment> there = attachments.get(hostOf(u, e));
        there.add(new Attachment(id(u, e), there.size() + 1, Optional.of(mac(u, e))));
      }
    }
    for (int h = 0; h < hosts; h++) {
      commands.add(new Command.SetBindings(host(h), attachments.get(h), true));
    }
    return commands;
  }

  /** The image that the commands lead to: every one decided, and its changes applied. */
  static Image decided(List<Command> commands) {
    Image image = Image.EMPTY;
    for (Command command : commands) {
      image = next(image, changes(image, command));
    }
    return image;
  }

  /** What a command makes of an image; it must be accepted. */
  static List<Change> changes(Image image, Command command) {
    Decision decision = Decider.decide(image, command, NOTHING_TO_ASSIGN);
    if (decision instanceof Decision.Accepted accepted) {
      return accepted.changes();
    }
    throw new IllegalStateException("refused: " + decision);
  }

  static Image next(Image image, List<Change> changes) {
    return image.apply(changes, new Revision(image.revision().number() + 1));
  }

  /** One policy of one universe, as a command: a group may ask itself on this port. */
  static Command policy(int universe, int group, int port) {
    return parsed("[" + allow(universe, group, port) + "]");
  }

  private int hostOf(int universe, int endpoint) {
    return (universe + endpoint * (hosts / ENDPOINTS_EACH)) % hosts;
  }

  private static HostName host(int number) {
    return new HostName("h" + number);
  }

  private static UUID id(int universe, int endpoint) {
    return new UUID(universe, endpoint);
  }

  private static Mac mac(int universe, int endpoint) {
    return new Mac(0x020000000000L | (long) universe << 8 | endpoint);
  }

  private static String documents(int u) {
    StringBuilder text = new StringBuilder();
    text.append(
        "{\"kind\":\"Universe\",\"name\":\"u%d\",\"prefixes\":[\"10.0.0.0/24\"]}".formatted(u));
    for (int g = 0; g < 2; g++) {
      text.append(
          ",{\"kind\":\"SecurityGroup\",\"universe\":\"u%d\",\"name\":\"g%d\"}".formatted(u, g));
    }
    for (int e = 0; e < ENDPOINTS_EACH; e++) {
      text.append(
          ",{\"kind\":\"Endpoint\",\"universe\":\"u%d\",\"name\":\"e%d\",\"id\":\"%s\",\"mac\":\"%s\",\"addresses\":[\"10.0.0.%d\"],\"groups\":[\"g%d\"]}"
              .formatted(u, e, id(u, e), mac(u, e), e + 1, e % 2));
    }
    text.append(
        ",{\"kind\":\"Policy\",\"universe\":\"u%d\",\"name\":\"deny\",\"tier\":\"universe\",\"order\":2000,\"rules\":[{\"direction\":\"in\",\"action\":\"deny\"}]}"
            .formatted(u));
    for (int g = 0; g < 2; g++) {
      text.append(",").append(allow(u, g, 8080 + g));
    }
    return text.toString();
  }

  private static String allow(int universe, int group, int port) {
    return """
        {"kind":"Policy","universe":"u%d","name":"allow-%d","tier":"universe","appliesTo":{"groups":["g%d"]},
         "rules":[{"direction":"in","action":"allow","peers":[{"group":"g%d"}],
                   "services":[{"protocol":"tcp","ports":["%d"]}]}]}"""
        .formatted(universe, group, group, group, port);
  }

  private static Command parsed(String documents) {
    try {
      return new Command.Batch(Documents.parse(documents.getBytes(StandardCharsets.UTF_8)));
    } catch (WireError e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every id and MAC stands in the documents. */
  private record Given() implements Ids {
    @Override
    public UUID uuid() {
      throw new IllegalStateException("a document without an id");
    }

    @Override
    public Mac mac() {
      throw new IllegalStateException("a document without a MAC");
    }
  }
}
