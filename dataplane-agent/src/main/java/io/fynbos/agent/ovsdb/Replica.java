package io.fynbos.agent.ovsdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The watched part of the database at one moment; never changes. {@link #apply} makes the next one
 * from an update of RFC 7047 §4.1.6, whose rows come whole.
 */
public record Replica(
    SortedMap<UUID, Row.OpenVSwitch> roots,
    SortedMap<UUID, Row.Bridge> bridges,
    SortedMap<UUID, Row.Port> ports,
    SortedMap<UUID, Row.Interface> interfaces,
    SortedMap<UUID, Row.Controller> controllers) {

  /** Before the first update. */
  public static final Replica EMPTY =
      new Replica(
          new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  public Replica {
    roots = Collections.unmodifiableSortedMap(roots);
    bridges = Collections.unmodifiableSortedMap(bridges);
    ports = Collections.unmodifiableSortedMap(ports);
    interfaces = Collections.unmodifiableSortedMap(interfaces);
    controllers = Collections.unmodifiableSortedMap(controllers);
  }

  /** What to ask the server to watch: RFC 7047 §4.1.5's {@code <monitor-requests>}. */
  static ObjectNode monitorRequests() {
    ObjectNode requests = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, List<String>> table : new TreeMap<>(Row.WATCHED).entrySet()) {
      ArrayNode columns = requests.putObject(table.getKey()).putArray("columns");
      table.getValue().forEach(columns::add);
    }
    return requests;
  }

  /**
   * The state after the update.
   *
   * @throws OvsdbException when the update does not fit the schema or this state
   */
  public Replica apply(JsonNode tableUpdates) throws OvsdbException {
    if (!tableUpdates.isObject()) {
      throw new OvsdbException("expected table updates, found " + tableUpdates.getNodeType());
    }
    for (var names = tableUpdates.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!Row.WATCHED.containsKey(name)) {
        throw new OvsdbException("update of table " + name + " which is not watched");
      }
    }
    return new Replica(
        next(roots, tableUpdates.get(Row.OpenVSwitch.TABLE), Row.OpenVSwitch::decode),
        next(bridges, tableUpdates.get(Row.Bridge.TABLE), Row.Bridge::decode),
        next(ports, tableUpdates.get(Row.Port.TABLE), Row.Port::decode),
        next(interfaces, tableUpdates.get(Row.Interface.TABLE), Row.Interface::decode),
        next(controllers, tableUpdates.get(Row.Controller.TABLE), Row.Controller::decode));
  }

  /** The root row, once there is one. */
  public Optional<Row.OpenVSwitch> root() {
    return roots.values().stream().findFirst();
  }

  /** The bridge of that name. */
  public Optional<Row.Bridge> bridge(String name) {
    return bridges.values().stream().filter(bridge -> bridge.name().equals(name)).findFirst();
  }

  /** The ports of a bridge that the replica holds. */
  public List<Row.Port> portsOf(Row.Bridge bridge) {
    List<Row.Port> found = new ArrayList<>();
    for (UUID uuid : bridge.ports()) {
      Row.Port port = ports.get(uuid);
      if (port != null) {
        found.add(port);
      }
    }
    return found;
  }

  /** The interfaces of a bridge's ports. */
  public List<Row.Interface> interfacesOf(Row.Bridge bridge) {
    List<Row.Interface> found = new ArrayList<>();
    for (Row.Port port : portsOf(bridge)) {
      for (UUID uuid : port.interfaces()) {
        Row.Interface attached = interfaces.get(uuid);
        if (attached != null) {
          found.add(attached);
        }
      }
    }
    return found;
  }

  private interface Decoder<T> {
    T decode(UUID uuid, JsonNode row) throws OvsdbException;
  }

  private static <T> SortedMap<UUID, T> next(
      SortedMap<UUID, T> rows, @Nullable JsonNode updates, Decoder<T> decoder)
      throws OvsdbException {
    if (updates == null) {
      return rows;
    }
    SortedMap<UUID, T> next = new TreeMap<>(rows);
    for (Map.Entry<String, JsonNode> update : updates.properties()) {
      UUID uuid = Values.uuid("_uuid", update.getKey());
      JsonNode row = update.getValue().path("new");
      if (row.isObject()) {
        next.put(uuid, decoder.decode(uuid, row));
      } else if (update.getValue().path("old").isObject()) {
        next.remove(uuid);
      } else {
        throw new OvsdbException("row update with neither old nor new row");
      }
    }
    return next;
  }
}
