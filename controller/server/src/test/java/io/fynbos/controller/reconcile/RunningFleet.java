package io.fynbos.controller.reconcile;

import static org.awaitility.Awaitility.await;

import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.controller.core.Publication;
import io.fynbos.controller.store.Commit;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowKey;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.policy.Fabric;
import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Revision;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;

/** A fleet of two hosts, and what happens around it: documents, switches that connect, agents. */
abstract class RunningFleet {
  static final HostName H1 = new HostName("h1");
  static final HostName H2 = new HostName("h2");
  static final Duration NEVER = Duration.ofHours(1);

  final Fabric fabric =
      Fabric.of(
          """
          {kind: Universe, name: blue, prefixes: [10.0.0.0/16]}
          ---
          {kind: SecurityGroup, universe: blue, name: web}
          ---
          {kind: SecurityGroup, universe: blue, name: db}
          ---
          {kind: Endpoint, universe: blue, name: web1, groups: [web]}
          ---
          {kind: Endpoint, universe: blue, name: db1, groups: [db]}
          ---
          {kind: Policy, universe: blue, name: web-to-db, tier: universe, appliesTo: {groups: [db]},
           rules: [{direction: in, action: allow, peers: [{group: web}]}]}
          ---
          {kind: Host, name: h1, underlay: 172.31.0.1, datapathId: "0000000000000001"}
          ---
          {kind: Host, name: h2, underlay: 172.31.0.2, datapathId: "0000000000000002"}
          """);

  final BlockingQueue<Revision> releases = new LinkedBlockingQueue<>();
  final Counts counts = new Counts();
  Fleet fleet = fleet(NEVER, NEVER);

  /** What the switches have counted, as the fleet hands it on. */
  static final class Counts {
    final Queue<List<FlowStats>> taken = new ConcurrentLinkedQueue<>();

    void add(HostName host, Image image, Collection<FlowStats> flows, boolean all) {
      taken.add(List.copyOf(flows));
    }
  }

  private Fleet fleet(Duration readBackEvery, Duration stepMax) {
    bind(H1, "web1", 5);
    bind(H2, "db1", 6);
    return new Fleet(
        fabric.image(),
        new EdgeTables(),
        new NoFleetGauges(),
        counts::add,
        new Fleet.Pace(readBackEvery, stepMax),
        1,
        revision -> {
          releases.add(revision);
          return CompletableFuture.completedFuture(revision);
        });
  }

  void restart(Duration readBackEvery, Duration stepMax) {
    fleet.close();
    fleet = fleet(readBackEvery, stepMax);
  }

  @AfterEach
  void stop() {
    fleet.close();
  }

  // --- what happens around the fleet ------------------------------------------------------------

  void bind(HostName host, String endpoint, int ofport) {
    var id = fabric.image().endpoint(EndpointRef.of("blue", endpoint)).orElseThrow().id();
    List<Attachment> one = List.of(new Attachment(id, ofport, Optional.empty()));
    fabric.commit(new Command.SetBindings(host, one, true));
  }

  /** Commits documents and tells the fleet, as the controller does. */
  Image publish(String documents) {
    return publish(Fabric.batch(documents));
  }

  Image publish(Command command) {
    Image before = fabric.image();
    List<Change> changes = fabric.commit(command);
    Image after = fabric.image();
    fleet.published(new Publication(before, after, List.of(new Commit(after.revision(), changes))));
    return after;
  }

  FakeSwitch connect(HostName host) {
    FakeSwitch made = new FakeSwitch(host.equals(H1) ? 1 : 2);
    fleet.connected(made);
    awaitInstalled(host);
    return made;
  }

  HostStatus status(HostName host) {
    return fleet.progress().host(host).orElseThrow();
  }

  void awaitInstalled(HostName host) {
    await()
        .until(
            () ->
                status(host).connected()
                    && status(host).installed().equals(fabric.image().revision()));
  }

  Map<FlowKey, FlowEntry> wanted(HostName host) {
    return new TreeMap<>(EdgeCompiler.full(fabric.image(), host).byKey());
  }

  /** An agent that does what it is asked at once. */
  Agent agent(HostName host) {
    Agent agent = new Agent(host);
    fleet.orders().follow(host, agent);
    agent.wake();
    return agent;
  }

  final class Agent implements Orders.Follower {
    private final HostName host;
    private long done;

    Agent(HostName host) {
      this.host = host;
    }

    @Override
    public synchronized void wake() {
      Orders.Standing standing = fleet.orders().of(host);
      if (standing.asked() > done) {
        done = standing.asked();
        standing.revalidate().ifPresent(order -> fleet.validated(host, order.revision()));
      }
    }

    @Override
    public void replaced() {}
  }
}
