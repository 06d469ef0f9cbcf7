package io.fynbos.agent.bringup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fynbos.agent.ovsdb.Operation;
import io.fynbos.agent.ovsdb.Operation.Mutation;
import io.fynbos.agent.ovsdb.Replica;
import io.fynbos.agent.ovsdb.Row;
import io.fynbos.agent.ovsdb.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Compares what a database holds with what is {@link Wanted} and says which operations make up the
 * difference: none when nothing is missing, so that running it again changes nothing.
 */
public final class BringUp {
  private static final int CONTROLLER_BACKOFF_MILLIS_MAX = 1_000;
  private static final int CONTROLLER_SILENCE_MILLIS_MAX = 5_000;

  private final Replica replica;
  private final Row.OpenVSwitch root;
  private final Wanted wanted;
  private final boolean flowsThere;
  private final List<Operation> operations = new ArrayList<>();

  private BringUp(Replica replica, Row.OpenVSwitch root, Wanted wanted, boolean flowsThere) {
    this.replica = replica;
    this.root = root;
    this.wanted = wanted;
    this.flowsThere = flowsThere;
  }

  /**
   * One transaction's operations, or none; none also while the database has no root row.
   *
   * @param flowsThere whether the switch has its flows, and may meet its controller: not before, or
   *     the two would race, or lose them
   */
  public static List<Operation> missing(Replica replica, Wanted wanted, boolean flowsThere) {
    Optional<Row.OpenVSwitch> root = replica.root();
    if (root.isEmpty()) {
      return List.of();
    }
    BringUp bringUp = new BringUp(replica, root.get(), wanted, flowsThere);
    bringUp.compare();
    return List.copyOf(bringUp.operations);
  }

  private void compare() {
    mergeMap(
        Row.OpenVSwitch.TABLE,
        root.uuid(),
        "other_config",
        root.otherConfig(),
        Wanted.rootConfig());
    Optional<Row.Bridge> bridge = replica.bridge(Wanted.BRIDGE);
    if (bridge.isEmpty()) {
      createBridge();
    } else {
      compareBridge(bridge.get());
      compareTunnel(bridge.get());
      compareController(bridge.get());
    }
    if (!operations.isEmpty()) {
      operations.add(
          new Operation.Mutate(
              Row.OpenVSwitch.TABLE,
              root.uuid(),
              List.of(new Mutation("next_cfg", "+=", new IntNode(1)))));
    }
  }

  private void createBridge() {
    operations.add(new Operation.ExpectAbsent(Row.Bridge.TABLE, Wanted.BRIDGE));
    insertPort("local", Wanted.BRIDGE, Map.of("type", new TextNode("internal")));
    insertTunnel();
    operations.add(controller(Wanted.NO_CONTROLLER));
    SortedMap<String, JsonNode> row = new TreeMap<>(bridgeColumns());
    row.put("name", new TextNode(Wanted.BRIDGE));
    row.put("other_config", Values.map(wanted.bridgeConfig()));
    row.put(
        "ports",
        Values.references(List.of(Values.named("local_port"), Values.named("tunnel_port"))));
    row.put("controller", Values.named("controller"));
    operations.add(new Operation.Insert(Row.Bridge.TABLE, "bridge", row));
    operations.add(
        new Operation.Mutate(
            Row.OpenVSwitch.TABLE,
            root.uuid(),
            List.of(
                new Mutation(
                    "bridges", "insert", Values.references(List.of(Values.named("bridge")))))));
  }

  private Map<String, JsonNode> bridgeColumns() {
    return Map.of(
        "fail_mode", new TextNode("secure"),
        "datapath_type", new TextNode(wanted.datapathType()),
        "protocols", Values.set(Wanted.PROTOCOLS));
  }

  private void compareBridge(Row.Bridge bridge) {
    boolean same =
        bridge.failMode().equals(Optional.of("secure"))
            && bridge.datapathType().equals(wanted.datapathType())
            && bridge.protocols().equals(Wanted.PROTOCOLS);
    if (!same) {
      operations.add(new Operation.Update(Row.Bridge.TABLE, bridge.uuid(), bridgeColumns()));
    }
    mergeMap(
        Row.Bridge.TABLE,
        bridge.uuid(),
        "other_config",
        bridge.otherConfig(),
        wanted.bridgeConfig());
  }

  private void compareTunnel(Row.Bridge bridge) {
    Optional<Row.Interface> tunnel =
        replica.interfacesOf(bridge).stream()
            .filter(attached -> attached.name().equals(Wanted.TUNNEL))
            .findFirst();
    if (tunnel.isEmpty()) {
      insertTunnel();
      operations.add(
          new Operation.Mutate(
              Row.Bridge.TABLE,
              bridge.uuid(),
              List.of(
                  new Mutation(
                      "ports",
                      "insert",
                      Values.references(List.of(Values.named("tunnel_port")))))));
      return;
    }
    Row.Interface found = tunnel.get();
    if (!found.type().equals("geneve")
        || found.ofportRequest().orElse(-1) != Wanted.TUNNEL_OFPORT) {
      operations.add(
          new Operation.Update(
              Row.Interface.TABLE,
              found.uuid(),
              Map.of(
                  "type", new TextNode("geneve"),
                  "ofport_request", new IntNode(Wanted.TUNNEL_OFPORT))));
    }
    mergeMap(Row.Interface.TABLE, found.uuid(), "options", found.options(), Wanted.tunnelOptions());
  }

  private void insertTunnel() {
    insertPort(
        "tunnel",
        Wanted.TUNNEL,
        Map.of(
            "type", new TextNode("geneve"),
            "options", Values.map(Wanted.tunnelOptions()),
            "ofport_request", new IntNode(Wanted.TUNNEL_OFPORT)));
  }

  private void insertPort(String label, String name, Map<String, JsonNode> columns) {
    SortedMap<String, JsonNode> row = new TreeMap<>(columns);
    row.put("name", new TextNode(name));
    operations.add(new Operation.Insert(Row.Interface.TABLE, label + "_interface", row));
    operations.add(
        new Operation.Insert(
            Row.Port.TABLE,
            label + "_port",
            Map.of("name", new TextNode(name), "interfaces", Values.named(label + "_interface"))));
  }

  private void compareController(Row.Bridge bridge) {
    List<Row.Controller> controllers = new ArrayList<>();
    for (UUID uuid : bridge.controllers()) {
      Row.Controller controller = replica.controllers().get(uuid);
      if (controller != null) {
        controllers.add(controller);
      }
    }
    if (!flowsThere && !controllers.isEmpty()) {
      return;
    }
    String target = flowsThere ? wanted.controller() : Wanted.NO_CONTROLLER;
    if (controllers.size() != 1 || !controllers.get(0).target().equals(target)) {
      operations.addAll(programmedBy(bridge, target));
      return;
    }
    Row.Controller found = controllers.get(0);
    boolean same =
        found.connectionMode().equals(Optional.of("out-of-band"))
            && found.maxBackoffMillis().orElse(-1) == CONTROLLER_BACKOFF_MILLIS_MAX
            && found.inactivityProbeMillis().orElse(-1) == CONTROLLER_SILENCE_MILLIS_MAX;
    if (!same) {
      operations.add(new Operation.Update(Row.Controller.TABLE, found.uuid(), controllerColumns()));
    }
  }

  /** The operations that make this the bridge's only controller. */
  public static List<Operation> programmedBy(Row.Bridge bridge, String target) {
    return List.of(
        controller(target),
        new Operation.Update(
            Row.Bridge.TABLE, bridge.uuid(), Map.of("controller", Values.named("controller"))));
  }

  private static Operation controller(String target) {
    SortedMap<String, JsonNode> row = new TreeMap<>(controllerColumns());
    row.put("target", new TextNode(target));
    return new Operation.Insert(Row.Controller.TABLE, "controller", row);
  }

  private static Map<String, JsonNode> controllerColumns() {
    return Map.of(
        "connection_mode", new TextNode("out-of-band"),
        "max_backoff", new IntNode(CONTROLLER_BACKOFF_MILLIS_MAX),
        "inactivity_probe", new IntNode(CONTROLLER_SILENCE_MILLIS_MAX));
  }

  /** Sets the keys that differ and leaves every other key of the column alone. */
  private void mergeMap(
      String table,
      UUID uuid,
      String column,
      SortedMap<String, String> found,
      SortedMap<String, String> wantedKeys) {
    SortedMap<String, String> different = new TreeMap<>(wantedKeys);
    different.entrySet().removeIf(entry -> entry.getValue().equals(found.get(entry.getKey())));
    if (!different.isEmpty()) {
      operations.add(put(table, uuid, column, different));
    }
  }

  /**
   * Sets keys of a map column in place: a key is taken out first, since insert never overwrites.
   */
  public static Operation put(
      String table, UUID uuid, String column, SortedMap<String, String> entries) {
    return new Operation.Mutate(
        table,
        uuid,
        List.of(
            new Mutation(column, "delete", Values.set(new TreeSet<>(entries.keySet()))),
            new Mutation(column, "insert", Values.map(entries))));
  }
}
