package io.fynbos.labs.topology;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fynbos.labs.topology.Topology.DocumentSource;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.topology.Topology.Host;
import io.fynbos.labs.topology.Topology.Listener;
import io.fynbos.labs.topology.Topology.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a topology from its YAML file. Whatever it does not know it refuses, with the place in the
 * file and what would have been right there.
 */
public final class TopologyFile {
  /** Long enough for any name worth reading, short enough for the paths of unix sockets. */
  private static final int NAME_CHARS_MAX = 32;

  private static final int HOSTS_MAX = 200;
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
  private static final Pattern ENDPOINT_PART = Pattern.compile("[a-z0-9-]{1,63}");
  private static final Pattern LISTENER = Pattern.compile("(tcp|udp)/([0-9]{1,5})");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final Set<String> TAKEN_NAMES =
      Set.of(Topology.CONTROLLER, Topology.UNDERLAY, "ctl", "mgmt");

  private static final ObjectMapper YAML =
      new YAMLMapper(new YAMLFactory())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private final Path file;

  private TopologyFile(Path file) {
    this.file = file;
  }

  /**
   * The topology in this file.
   *
   * @throws TopologyException naming the place in the file that is wrong
   */
  public static Topology read(Path file) {
    return new TopologyFile(file).topology();
  }

  private Topology topology() {
    List<JsonNode> documents = yaml(file, file.getFileName().toString());
    if (documents.size() != 1) {
      throw new TopologyException(
          file.getFileName().toString(), "expected one YAML document, found " + documents.size());
    }
    Fields root =
        new Fields("", documents.get(0))
            .only(
                "name",
                "controllers",
                "switches",
                "hosts",
                "accessPoints",
                "internet",
                "guests",
                "links",
                "apply");
    String name = nodeName("name", root.text("name"));
    root.optional("controllers").ifPresent(TopologyFile::oneController);
    for (String later : List.of("switches", "accessPoints", "internet")) {
      root.optional(later).ifPresent(value -> notYet(later, value));
    }
    Set<String> names = new HashSet<>(TAKEN_NAMES);
    List<Host> hosts = hosts(root, names);
    List<Guest> guests = guests(root, hosts, names);
    checkLinks(root, hosts, guests);
    return new Topology(name, hosts, guests, documents(root));
  }

  private static List<Host> hosts(Fields root, Set<String> names) {
    List<Fields> items = root.items("hosts");
    if (items.isEmpty() || items.size() > HOSTS_MAX) {
      throw new TopologyException("hosts", "expected 1 to " + HOSTS_MAX + " hosts");
    }
    List<Host> hosts = new ArrayList<>();
    Set<String> addresses = new HashSet<>();
    for (Fields item : items) {
      item.only("name", "underlay");
      String name = freshName(item, names);
      String underlay = item.optionalText("underlay").orElse("172.31.0." + (hosts.size() + 1));
      if (!IPV4.matcher(underlay).matches()) {
        throw new TopologyException(
            item.place("underlay"), "expected an IPv4 address, found '" + underlay + "'");
      }
      if (!addresses.add(underlay)) {
        throw new TopologyException(
            item.place("underlay"), underlay + " is another host's address already");
      }
      hosts.add(new Host(name, underlay));
    }
    return hosts;
  }

  private static List<Guest> guests(Fields root, List<Host> hosts, Set<String> names) {
    List<Guest> guests = new ArrayList<>();
    Set<String> endpoints = new HashSet<>();
    for (Fields item : root.items("guests")) {
      item.only("name", "host", "endpoint", "runtime", "serves");
      String name = freshName(item, names);
      String host = item.text("host");
      if (hosts.stream().noneMatch(known -> known.name().equals(host))) {
        throw new TopologyException(
            item.place("host"), "there is no host '" + host + "' in this topology");
      }
      checkRuntime(item);
      String[] endpoint = item.text("endpoint").split("/", -1);
      if (endpoint.length != 2
          || !ENDPOINT_PART.matcher(endpoint[0]).matches()
          || !ENDPOINT_PART.matcher(endpoint[1]).matches()) {
        throw new TopologyException(
            item.place("endpoint"),
            "expected universe/name, found '" + item.text("endpoint") + "'");
      }
      if (!endpoints.add(item.text("endpoint"))) {
        throw new TopologyException(
            item.place("endpoint"), item.text("endpoint") + " is another guest's already");
      }
      guests.add(new Guest(name, host, endpoint[0], endpoint[1], listeners(item)));
    }
    return guests;
  }

  private static void checkRuntime(Fields guest) {
    String runtime = guest.optionalText("runtime").orElse("netns");
    if (runtime.equals("kvm")) {
      throw new TopologyException(
          guest.place("runtime"), "kvm guests are not supported yet; use netns");
    }
    if (!runtime.equals("netns")) {
      throw new TopologyException(
          guest.place("runtime"), "expected netns or kvm, found '" + runtime + "'");
    }
  }

  private static List<Listener> listeners(Fields guest) {
    List<Listener> listeners = new ArrayList<>();
    for (String text : guest.texts("serves")) {
      var matcher = LISTENER.matcher(text);
      int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
      if (port < 1 || port > 65535) {
        throw new TopologyException(
            guest.place("serves"), "expected tcp/PORT or udp/PORT, found '" + text + "'");
      }
      listeners.add(
          new Listener(matcher.group(1).equals("tcp") ? Transport.TCP : Transport.UDP, port));
    }
    return listeners;
  }

  private static void oneController(JsonNode value) {
    boolean one = value.isInt() ? value.intValue() == 1 : value.isArray() && value.size() == 1;
    if (!one) {
      throw new TopologyException("controllers", "more than one is not supported yet; expected 1");
    }
  }

  private static void notYet(String key, JsonNode value) {
    if (!value.isNull() && (!value.isContainerNode() || !value.isEmpty())) {
      throw new TopologyException(key, "not supported yet; leave it out");
    }
  }

  /** Only links that are there anyway: a host and the underlay, a guest and its host. */
  private static void checkLinks(Fields root, List<Host> hosts, List<Guest> guests) {
    JsonNode links = root.optional("links").orElse(JsonNodeFactory.instance.arrayNode());
    int index = 0;
    for (JsonNode link : links) {
      String place = "links[" + index++ + "]";
      if (!link.isArray() || link.size() != 2) {
        throw new TopologyException(place, "expected two names, like [h1, net]");
      }
      String one = link.get(0).asText();
      String other = link.get(1).asText();
      boolean implied =
          hosts.stream().anyMatch(host -> host.name().equals(one) && other.equals("net"))
              || guests.stream()
                  .anyMatch(guest -> guest.name().equals(one) && guest.host().equals(other));
      if (!implied) {
        throw new TopologyException(
            place, "links other than [HOST, net] and [GUEST, HOST] are not supported yet");
      }
    }
  }

  private List<DocumentSource> documents(Fields root) {
    List<DocumentSource> sources = new ArrayList<>();
    ArrayNode inline = JsonNodeFactory.instance.arrayNode();
    int index = 0;
    for (JsonNode entry : root.optional("apply").orElse(JsonNodeFactory.instance.arrayNode())) {
      String place = "apply[" + index++ + "]";
      if (entry.isObject()) {
        inline.add(entry);
      } else if (entry.isTextual()) {
        Path beside = file.toAbsolutePath().resolveSibling(entry.textValue());
        if (!Files.isReadable(beside)) {
          throw new TopologyException(
              place, "there is no file '" + entry.textValue() + "' beside the topology");
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        yaml(beside, entry.textValue()).forEach(all::add);
        sources.add(new DocumentSource(entry.textValue(), all.toString()));
      } else {
        throw new TopologyException(place, "expected a file's name or a document");
      }
    }
    if (!inline.isEmpty()) {
      sources.add(new DocumentSource("apply", inline.toString()));
    }
    return sources;
  }

  private static List<JsonNode> yaml(Path path, String place) {
    try (MappingIterator<JsonNode> values =
        YAML.readerFor(JsonNode.class).readValues(Files.readAllBytes(path))) {
      List<JsonNode> documents = new ArrayList<>();
      while (values.hasNextValue()) {
        JsonNode document = values.nextValue();
        if (!document.isNull() && !document.isMissingNode()) {
          documents.add(document);
        }
      }
      return documents;
    } catch (JacksonException e) {
      int line = Optional.ofNullable(e.getLocation()).map(at -> at.getLineNr()).orElse(0);
      throw new TopologyException(
          place + " line " + line, Optional.ofNullable(e.getOriginalMessage()).orElse("not YAML"));
    } catch (IOException e) {
      throw new TopologyException(place, "cannot be read: " + e.getMessage());
    }
  }

  private static String freshName(Fields item, Set<String> names) {
    String name = nodeName(item.place("name"), item.text("name"));
    if (!names.add(name)) {
      throw new TopologyException(
          item.place("name"), "'" + name + "' is taken already, or a name the lab uses itself");
    }
    return name;
  }

  private static String nodeName(String place, String name) {
    if (!NAME.matcher(name).matches() || name.length() > NAME_CHARS_MAX) {
      throw new TopologyException(
          place,
          "expected 1 to %d of a-z, 0-9 and '-' inside, found '%s'"
              .formatted(NAME_CHARS_MAX, name));
    }
    return name;
  }

  /** One mapping of the file with its place, for messages that lead there. */
  private record Fields(String path, JsonNode node) {
    Fields {
      if (!node.isObject()) {
        throw new TopologyException(path.isEmpty() ? "the file" : path, "expected a mapping");
      }
    }

    String place(String key) {
      return path.isEmpty() ? key : path + "." + key;
    }

    Fields only(String... known) {
      Set<String> allowed = Set.of(known);
      for (Iterator<String> keys = node.fieldNames(); keys.hasNext(); ) {
        String key = keys.next();
        if (!allowed.contains(key)) {
          throw new TopologyException(
              place(key), "unknown key; expected one of " + String.join(", ", known));
        }
      }
      return this;
    }

    Optional<JsonNode> optional(String key) {
      return Optional.ofNullable(node.get(key)).filter(value -> !value.isNull());
    }

    Optional<String> optionalText(String key) {
      Optional<JsonNode> value = optional(key);
      if (value.isPresent() && !value.get().isValueNode()) {
        throw new TopologyException(place(key), "expected a text");
      }
      return value.map(JsonNode::asText);
    }

    String text(String key) {
      return optionalText(key)
          .orElseThrow(() -> new TopologyException(place(key), "is required and not there"));
    }

    List<String> texts(String key) {
      List<String> texts = new ArrayList<>();
      for (JsonNode item : list(key)) {
        texts.add(item.asText());
      }
      return texts;
    }

    List<Fields> items(String key) {
      List<Fields> items = new ArrayList<>();
      for (JsonNode item : list(key)) {
        items.add(new Fields(place(key) + "[" + items.size() + "]", item));
      }
      return items;
    }

    private JsonNode list(String key) {
      JsonNode value = optional(key).orElse(JsonNodeFactory.instance.arrayNode());
      if (!value.isArray()) {
        throw new TopologyException(place(key), "expected a list");
      }
      return value;
    }
  }
}
