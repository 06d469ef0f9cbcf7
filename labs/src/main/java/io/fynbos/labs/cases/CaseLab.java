package io.fynbos.labs.cases;

import io.fynbos.labs.check.Outcome;
import io.fynbos.labs.check.Probe;
import io.fynbos.labs.check.Volley;
import io.fynbos.labs.net.Segment;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.runner.Progress;
import io.fynbos.labs.runner.Removal;
import io.fynbos.labs.runner.Startup;
import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.topology.Topology.DocumentSource;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.topology.Topology.Host;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.wire.Documents;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A lab of two hosts with a guest for every endpoint of some tables, in which their cases are
 * played one after the other: told to the controller, waited for until enforced, then all packets
 * of the case at once.
 */
public final class CaseLab implements AutoCloseable {
  private static final Duration APPLY_LIMIT = Duration.ofSeconds(20);
  private static final int SOURCE_PORT_MIN = 33_000;
  private static final int SOURCE_PORTS = 27_000;

  private final Lab lab;
  private final ControllerApi api;
  private final GuestWires wires;
  private final Volley volley;
  private final World bases;
  private final Map<EndpointRef, Guest> guests = new HashMap<>();
  private World told;
  private int nextPort;

  private CaseLab(Lab lab, World bases) {
    this.lab = lab;
    this.api = lab.api();
    this.wires = new GuestWires(lab, lab.topology().guests());
    this.volley = new Volley(wires);
    this.bases = bases;
    this.told = bases;
    for (Guest guest : lab.topology().guests()) {
      guests.put(EndpointRef.of(guest.universe(), guest.endpoint()), guest);
    }
  }

  /** Brings one up. */
  public static CaseLab up(String name, List<CaseTable> tables, Progress progress) {
    World bases = World.EMPTY;
    for (CaseTable table : tables) {
      bases = bases.with(table.base().edits());
    }
    return new CaseLab(Startup.up(topology(name, bases), progress), bases);
  }

  /** Neighbours in the list of endpoints stand on different hosts. */
  private static Topology topology(String name, World bases) {
    List<Host> hosts = List.of(new Host("h1", "172.31.0.1"), new Host("h2", "172.31.0.2"));
    List<Guest> guests = new ArrayList<>();
    for (Endpoint endpoint : World.endpoints(bases.image(name))) {
      guests.add(
          new Guest(
              endpoint.universe() + "-" + endpoint.ref().name(),
              hosts.get(guests.size() % hosts.size()).name(),
              endpoint.universe().value(),
              endpoint.ref().name().value(),
              List.of()));
    }
    return new Topology(
        name, hosts, guests, List.of(new DocumentSource(name, json(bases.edits()))));
  }

  private static String json(List<Edit> edits) {
    return new String(Documents.toJson(edits), StandardCharsets.UTF_8);
  }

  public Lab lab() {
    return lab;
  }

  /**
   * Plays one case.
   *
   * @return what was different from its table, in words
   */
  public List<String> play(Case played) {
    tell(bases.with(played.edits()));
    List<Probe> probes = played.packets().stream().map(this::probe).toList();
    return volley.fire(probes, this::refreshed).stream()
        .map(Outcome::difference)
        .flatMap(Optional::stream)
        .toList();
  }

  private void tell(World world) {
    List<Edit> edits = world.since(told);
    if (edits.isEmpty()) {
      return;
    }
    long revision = api.apply(json(edits));
    if (!api.awaitApplied(revision, APPLY_LIMIT).path("applied").asBoolean()) {
      throw new LabException("revision " + revision + " is not applied everywhere");
    }
    told = world;
  }

  private Probe probe(Expected packet) {
    return new Probe(
        guest(packet.from()),
        address(packet.source().toString()),
        address(packet.destination().toString()),
        Optional.of(guest(packet.to())),
        packet.service(),
        sourcePort(),
        packet.fate(),
        true);
  }

  private Guest guest(Endpoint endpoint) {
    return Optional.ofNullable(guests.get(endpoint.ref()))
        .orElseThrow(() -> new LabException("no guest stands for " + endpoint.ref()));
  }

  private static InetAddress address(String literal) {
    return GuestWires.address(literal);
  }

  private Probe refreshed(Probe probe) {
    return probe.service().protocol() == Segment.SCTP ? probe : probe.from(sourcePort());
  }

  private int sourcePort() {
    nextPort = (nextPort + 1) % SOURCE_PORTS;
    return SOURCE_PORT_MIN + nextPort;
  }

  @Override
  public void close() {
    wires.close();
    api.close();
    Removal.of(lab.topology().name());
  }
}
