package io.fynbos.labs.bench.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.labs.bench.ovn.Network.Place;
import io.fynbos.labs.bench.ovn.Network.Port;
import io.fynbos.labs.bench.ovn.Network.Rule;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.runner.ProcessRecord;
import io.fynbos.labs.runner.Progress;
import io.fynbos.labs.runner.Removal;
import io.fynbos.labs.runner.Startup;
import io.fynbos.labs.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Fynbos: one universe, a security group for each group, a policy for each rule. A change is one
 * call of the API. The host that is only declared never applies anything, so the two that run are
 * asked how far they are, instead of waiting for the revision.
 */
final class FynbosFabric implements Fabric {
  static final String LAB = "vs-fynbos";
  private static final String UNIVERSE = "/v1/universes/bench";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration ASK_AGAIN = Duration.ofMillis(1);
  private static final Duration ASK_FOR_BINDINGS = Duration.ofMillis(25);

  /** Longer than a change takes, so that one question is enough. */
  private static final Duration ASK_SELDOM = Duration.ofMillis(100);

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String UNUSED_DATAPATH = "00000000000000ee";

  private final Lab lab;
  private final ControllerApi api;

  private FynbosFabric(Lab lab) {
    this.lab = lab;
    this.api = lab.api();
  }

  /** Brings it up with nothing in it but the ports at the switches. */
  static FynbosFabric up(Network network, Progress progress) {
    Lab lab = Startup.up(Sites.topology(LAB), progress);
    Sites.plug(lab, network);
    Sites.address(lab, network, 32, "route replace default via 169.254.1.1 dev eth0 onlink");
    return new FynbosFabric(lab);
  }

  @Override
  public String name() {
    return "Fynbos";
  }

  @Override
  public Lab lab() {
    return lab;
  }

  @Override
  public List<ProcessRecord> controlPlane() {
    List<ProcessRecord> processes = new ArrayList<>();
    lab.process(Topology.CONTROLLER, "controller").ifPresent(processes::add);
    lab.process(Sites.FIRST, "agent").ifPresent(processes::add);
    lab.process(Sites.SECOND, "agent").ifPresent(processes::add);
    return processes;
  }

  // --- the network ------------------------------------------------------------------------------

  @Override
  public void load(Network network) {
    ObjectNode elsewhere = JSON.objectNode().put("underlay", Sites.ELSEWHERE_ADDRESS);
    elsewhere.put("datapathId", UNUSED_DATAPATH);
    api.change("PUT", "/v1/hosts/" + Sites.ELSEWHERE, elsewhere.toString());
    ArrayNode documents = JSON.arrayNode();
    ObjectNode universe = documents.addObject().put("kind", "Universe").put("name", "bench");
    universe.putArray("prefixes").add("10.0.0.0/16");
    for (String group : Network.groups()) {
      documents
          .addObject()
          .put("kind", "SecurityGroup")
          .put("universe", "bench")
          .put("name", group);
    }
    network.ports().forEach(port -> documents.add(endpoint(port)));
    network.rules().forEach(rule -> documents.add(policy(rule)));
    api.apply(documents.toString());
    bindElsewhere(network.at(Place.ELSEWHERE));
    awaitBound();
    await(api.latestRevision(), Until.ENFORCED);
  }

  private static ObjectNode endpoint(Port port) {
    ObjectNode document = JSON.objectNode().put("kind", "Endpoint").put("universe", "bench");
    document.put("name", port.name()).put("id", port.id().toString()).put("mac", port.mac());
    document.putArray("addresses").add(port.address());
    ArrayNode groups = document.putArray("groups");
    port.groups().forEach(groups::add);
    return document;
  }

  private static ObjectNode policy(Rule rule) {
    ObjectNode document = JSON.objectNode().put("kind", "Policy").put("universe", "bench");
    document.put("name", rule.name()).put("tier", "universe");
    document.putObject("appliesTo").putArray("groups").add(rule.group());
    ObjectNode allowed = document.putArray("rules").addObject();
    allowed.put("direction", "in").put("action", "allow");
    rule.peers().ifPresent(peers -> allowed.putArray("peers").addObject().put("group", peers));
    ObjectNode service = allowed.putArray("services").addObject().put("protocol", rule.protocol());
    if (rule.port() != 0) {
      service.putArray("ports").add(Integer.toString(rule.port()));
    }
    return document;
  }

  /** Binds the endpoints that are elsewhere, as the agent there would. */
  private void bindElsewhere(List<Port> ports) {
    ArrayNode bindings = JSON.arrayNode();
    for (Port port : ports) {
      bindings.addObject().put("id", port.id().toString()).put("ofport", port.number() + 1);
    }
    ObjectNode report = JSON.objectNode().put("complete", true);
    report.set("bindings", bindings);
    api.change("PUT", "/v1/hosts/" + Sites.ELSEWHERE + "/bindings", report.toString());
  }

  /** Until both hosts' ports are bound; a host's are bound all at once, so its first tells. */
  private void awaitBound() {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (firstOfEachHost().stream().anyMatch(binding -> !binding.has("host"))) {
      pause(ASK_FOR_BINDINGS, deadline, "the hosts' endpoints are not bound");
    }
  }

  /** The endpoints e0 and e1, which stand on the two hosts. */
  private List<JsonNode> firstOfEachHost() {
    List<JsonNode> bindings = new ArrayList<>();
    api.read("/v1/bindings?limit=2&after=bench/e").body().path("items").forEach(bindings::add);
    return bindings;
  }

  // --- changes ----------------------------------------------------------------------------------

  @Override
  public void put(Rule rule, Until until) {
    await(api.change("PUT", UNIVERSE + "/policies/" + rule.name(), policy(rule).toString()), until);
  }

  @Override
  public void take(Rule rule, Until until) {
    await(api.change("DELETE", UNIVERSE + "/policies/" + rule.name(), ""), until);
  }

  @Override
  public void join(Port port, String group) {
    put(port.joining(group));
  }

  @Override
  public void leave(Port port, String group) {
    put(port);
  }

  private void put(Port port) {
    String path = UNIVERSE + "/endpoints/" + port.name();
    await(api.change("PUT", path, endpoint(port).toString()), Until.ENFORCED);
  }

  private void await(long revision, Until until) {
    String field = until == Until.INSTALLED ? "installed" : "applied";
    if (until == Until.ENFORCED_ASKING_SELDOM) {
      LockSupport.parkNanos(ASK_SELDOM.toNanos());
    }
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      boolean done = true;
      for (JsonNode host : api.read("/v1/hosts").body().path("items")) {
        boolean runs = !host.path("name").asText().equals(Sites.ELSEWHERE);
        done &= !runs || host.path("status").path(field).asLong() >= revision;
      }
      if (done) {
        return;
      }
      Duration pause = until == Until.ENFORCED_ASKING_SELDOM ? ASK_SELDOM : ASK_AGAIN;
      pause(pause, deadline, "revision " + revision + " is not " + field);
    }
  }

  private static void pause(Duration pause, long deadline, String what) {
    if (System.nanoTime() > deadline) {
      throw new LabException("%s after %d s".formatted(what, LIMIT.toSeconds()));
    }
    LockSupport.parkNanos(pause.toNanos());
  }

  @Override
  public void close() {
    api.close();
    Removal.of(LAB);
  }
}
