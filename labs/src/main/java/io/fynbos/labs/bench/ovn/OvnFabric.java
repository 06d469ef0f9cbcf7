package io.fynbos.labs.bench.ovn;

import static io.fynbos.labs.bench.ovn.OvsdbPeer.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.labs.bench.ovn.Network.Place;
import io.fynbos.labs.bench.ovn.Network.Port;
import io.fynbos.labs.bench.ovn.Network.Rule;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.runner.ProcessRecord;
import io.fynbos.labs.runner.Progress;
import io.fynbos.labs.runner.Removal;
import io.fynbos.labs.runner.Startup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * OVN: one logical switch, a port group for each security group, an ACL for each rule, and one that
 * drops the rest, as Neutron writes them. A change is one transaction that also counts {@code
 * nb_cfg} up, and is done when {@code hv_cfg} has followed: what {@code ovn-nbctl --wait=hv} does,
 * over a connection that stands.
 */
final class OvnFabric implements Fabric {
  static final String LAB = "vs-ovn";
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** Less CPU time than this of all of OVN, between two looks, is rest. */
  private static final double IDLE_SECONDS = 0.04;

  private static final int ALLOW_PRIORITY = 1_002;
  private static final int DROP_PRIORITY = 1_001;

  /** The port group of all ports, whose only ACL drops. */
  private static final String EVERYONE = "everyone";

  private final Lab lab;
  private final Progress progress;
  private final OvnDaemons daemons;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final OvsdbPeer northbound;
  private final OvsdbPeer southbound;
  private final Map<Integer, String> portIds = new HashMap<>();
  private final Map<String, String> groupIds = new HashMap<>();
  private final Map<String, String> ruleIds = new HashMap<>();
  private long asked;

  private OvnFabric(Lab lab, Progress progress) {
    this.lab = lab;
    this.progress = progress;
    this.daemons = OvnDaemons.start(lab);
    this.northbound =
        OvsdbPeer.connect(
            loop,
            daemons.northbound(),
            "OVN_Northbound",
            "NB_Global",
            List.of("nb_cfg", "sb_cfg", "hv_cfg"));
    this.southbound =
        OvsdbPeer.connect(
            loop, daemons.southbound(), "OVN_Southbound", "SB_Global", List.of("nb_cfg"));
    this.asked = northbound.number("nb_cfg");
  }

  /** Brings it up with nothing in it but the ports at the switches. */
  static OvnFabric up(Network network, Progress progress) {
    Lab lab = Startup.bare(Sites.topology(LAB), progress);
    OvnFabric fabric = new OvnFabric(lab, progress);
    Sites.plug(lab, network);
    Sites.address(lab, network, 16, "");
    fabric.change(List.of());
    return fabric;
  }

  @Override
  public String name() {
    return "OVN";
  }

  @Override
  public Lab lab() {
    return lab;
  }

  @Override
  public List<ProcessRecord> controlPlane() {
    return daemons.processes();
  }

  // --- the network ------------------------------------------------------------------------------

  @Override
  public void load(Network network) {
    String elsewhere = declareElsewhere();
    List<ObjectNode> operations = new ArrayList<>();
    List<JsonNode> names = new ArrayList<>();
    for (Port port : network.ports()) {
      names.add(OvsdbPeer.named(port.name()));
      ObjectNode row = JSON.objectNode().put("name", port.id().toString());
      row.put("addresses", port.mac() + " " + port.address());
      row.put("port_security", port.mac() + " " + port.address());
      operations.add(OvsdbPeer.insert("Logical_Switch_Port", port.name(), row));
    }
    ObjectNode net = JSON.objectNode().put("name", "bench");
    net.set("ports", OvsdbPeer.set(names));
    operations.add(OvsdbPeer.insert("Logical_Switch", "net", net));
    Map<String, List<JsonNode>> acls = new HashMap<>();
    for (Rule rule : network.rules()) {
      operations.add(OvsdbPeer.insert("ACL", rule.name(), acl(rule)));
      acls.computeIfAbsent(rule.group(), group -> new ArrayList<>())
          .add(OvsdbPeer.named(rule.name()));
    }
    for (String group : Network.groups()) {
      List<JsonNode> members =
          network.members(group).stream()
              .map(port -> (JsonNode) OvsdbPeer.named(port.name()))
              .toList();
      operations.add(group(group, members, acls.getOrDefault(group, List.of())));
    }
    ObjectNode drop = JSON.objectNode().put("direction", "to-lport").put("priority", DROP_PRIORITY);
    drop.put("match", "outport == @" + EVERYONE + " && ip").put("action", "drop");
    operations.add(OvsdbPeer.insert("ACL", "drop", drop));
    operations.add(group(EVERYONE, names, List.of(OvsdbPeer.named("drop"))));
    remember(operations, commit(operations));
    if (!northbound.reaches("sb_cfg", asked, LIMIT)) {
      throw new LabException("northd has not built the network after " + LIMIT.toSeconds() + " s");
    }
    bindElsewhere(network, elsewhere);
    change(List.of());
  }

  private static ObjectNode acl(Rule rule) {
    ObjectNode row = JSON.objectNode().put("direction", "to-lport").put("priority", ALLOW_PRIORITY);
    StringBuilder match = new StringBuilder("outport == @" + rule.group() + " && ip4");
    rule.peers().ifPresent(peers -> match.append(" && ip4.src == $").append(peers).append("_ip4"));
    match.append(
        rule.protocol().equals("icmp")
            ? " && icmp4"
            : " && %s.dst == %d".formatted(rule.protocol(), rule.port()));
    return row.put("match", match.toString()).put("action", "allow-related");
  }

  private static ObjectNode group(String name, List<JsonNode> members, List<JsonNode> acls) {
    ObjectNode row = JSON.objectNode().put("name", name);
    row.set("ports", OvsdbPeer.set(members));
    row.set("acls", OvsdbPeer.set(acls));
    return OvsdbPeer.insert("Port_Group", name, row);
  }

  private void remember(List<ObjectNode> operations, List<JsonNode> results) {
    for (int i = 0; i < operations.size(); i++) {
      String name = operations.get(i).path("uuid-name").asText();
      String id = results.get(i).path("uuid").path(1).asText();
      switch (operations.get(i).path("table").asText()) {
        case "Logical_Switch_Port" -> portIds.put(Integer.valueOf(name.substring(1)), id);
        case "Port_Group" -> groupIds.put(name, id);
        default -> {}
      }
    }
  }

  /** A chassis that nobody runs, as others' ovn-controllers would have put it there. */
  private String declareElsewhere() {
    ObjectNode encapsulation = JSON.objectNode().put("type", "geneve");
    encapsulation.put("ip", Sites.ELSEWHERE_ADDRESS).put("chassis_name", Sites.ELSEWHERE);
    ObjectNode chassis = JSON.objectNode().put("name", Sites.ELSEWHERE);
    chassis.set("encaps", OvsdbPeer.set(List.of(OvsdbPeer.named("encap"))));
    return southbound
        .transact(
            List.of(
                OvsdbPeer.insert("Encap", "encap", encapsulation),
                OvsdbPeer.insert("Chassis", "chassis", chassis)))
        .get(1)
        .path("uuid")
        .path(1)
        .asText();
  }

  /** Binds the endpoints that are elsewhere, as the ovn-controller there would. */
  private void bindElsewhere(Network network, String chassis) {
    Map<String, String> bindings = new HashMap<>();
    for (JsonNode row :
        southbound
            .transact(
                List.of(
                    OvsdbPeer.select(
                        "Port_Binding", OvsdbPeer.everywhere(), "_uuid", "logical_port")))
            .get(0)
            .path("rows")) {
      bindings.put(row.path("logical_port").asText(), row.path("_uuid").path(1).asText());
    }
    List<ObjectNode> operations = new ArrayList<>();
    for (Port port : network.at(Place.ELSEWHERE)) {
      String binding =
          Optional.ofNullable(bindings.get(port.id().toString()))
              .orElseThrow(() -> new LabException("northd has not bound " + port.name()));
      ObjectNode row = JSON.objectNode().put("up", true);
      row.set("chassis", OvsdbPeer.uuid(chassis));
      operations.add(OvsdbPeer.update("Port_Binding", OvsdbPeer.row(binding), row));
    }
    if (!operations.isEmpty()) {
      southbound.transact(operations);
    }
  }

  // --- changes ----------------------------------------------------------------------------------

  @Override
  public void put(Rule rule, Until until) {
    ArrayNode named = OvsdbPeer.set(List.of(OvsdbPeer.named("acl")));
    List<JsonNode> results =
        change(
            List.of(
                OvsdbPeer.insert("ACL", "acl", acl(rule)),
                OvsdbPeer.mutate("Port_Group", group(rule.group()), "acls", "insert", named)));
    ruleIds.put(rule.name(), results.get(0).path("uuid").path(1).asText());
  }

  @Override
  public void take(Rule rule, Until until) {
    String id = Optional.ofNullable(ruleIds.remove(rule.name())).orElseThrow();
    ArrayNode gone = OvsdbPeer.set(List.of(OvsdbPeer.uuid(id)));
    change(List.of(OvsdbPeer.mutate("Port_Group", group(rule.group()), "acls", "delete", gone)));
  }

  @Override
  public void join(Port port, String group) {
    regroup(port, group, "insert");
  }

  @Override
  public void leave(Port port, String group) {
    regroup(port, group, "delete");
  }

  private void regroup(Port port, String group, String mutator) {
    String id = Optional.ofNullable(portIds.get(port.number())).orElseThrow();
    ArrayNode member = OvsdbPeer.set(List.of(OvsdbPeer.uuid(id)));
    change(List.of(OvsdbPeer.mutate("Port_Group", group(group), "ports", mutator, member)));
  }

  private ArrayNode group(String name) {
    return OvsdbPeer.row(Optional.ofNullable(groupIds.get(name)).orElseThrow());
  }

  private List<JsonNode> change(List<ObjectNode> operations) {
    List<JsonNode> results = commit(operations);
    awaitHosts();
    return results;
  }

  /**
   * Waits for {@code hv_cfg}. An ovn-controller of this release sometimes forgets to tell that it
   * is done (seen after a load); when all of OVN is idle, it is asked once more.
   */
  private void awaitHosts() {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    double used = Cost.of(controlPlane()).cpuSeconds();
    while (!northbound.reaches("hv_cfg", asked, LOOK_AGAIN)) {
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "OVN's hv_cfg has not reached %d after %d s".formatted(asked, LIMIT.toSeconds()));
      }
      double now = Cost.of(controlPlane()).cpuSeconds();
      if (now - used < IDLE_SECONDS) {
        progress.done("OVN is idle and hv_cfg has not followed; asked once more");
        commit(List.of());
      }
      used = now;
    }
  }

  private List<JsonNode> commit(List<ObjectNode> operations) {
    List<ObjectNode> counted = new ArrayList<>(operations);
    counted.add(
        OvsdbPeer.mutate("NB_Global", OvsdbPeer.everywhere(), "nb_cfg", "+=", JSON.numberNode(1)));
    List<JsonNode> results = northbound.transact(counted);
    asked++;
    return results;
  }

  @Override
  public void close() {
    northbound.close();
    southbound.close();
    var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    Removal.of(LAB);
  }
}
