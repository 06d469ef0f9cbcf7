package io.fynbos.labs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Segment;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.ProcessRecord;
import io.fynbos.labs.runner.Progress;
import io.fynbos.labs.runner.Removal;
import io.fynbos.labs.runner.Startup;
import io.fynbos.labs.runner.Topologies;
import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.labs.traffic.Stream;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.wire.Documents;
import io.fynbos.policy.wire.WireError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

/** The two-hosts lab under another name, for tests that have it to themselves. */
final class TwoHosts implements AutoCloseable {
  static final Duration PACE = Duration.ofMillis(5);
  static final Duration LIMIT = Duration.ofSeconds(30);

  /** A telnet the guardrail forbids everybody; nothing of it may ever arrive. */
  static final IntFunction<Segment> FORBIDDEN = port -> new Segment.Syn(port, 23);

  private final Lab lab;
  private final ControllerApi api;

  private TwoHosts(Lab lab) {
    this.lab = lab;
    this.api = lab.api();
  }

  static TwoHosts up(String what) {
    String name = TestLabs.name(what);
    Topology shipped = Topologies.find("two-hosts");
    Topology topology = new Topology(name, shipped.hosts(), shipped.guests(), shipped.documents());
    return new TwoHosts(Startup.up(topology, new Progress(System.out)));
  }

  Lab lab() {
    return lab;
  }

  ControllerApi api() {
    return api;
  }

  GuestWires wires() {
    return new GuestWires(lab, lab.topology().guests());
  }

  Stream pings(GuestWires wires, String from, String to, boolean v6) {
    return Stream.pings(
        wires,
        from,
        to,
        GuestWires.address(lab, lab.guest(from), v6).orElseThrow(),
        GuestWires.address(lab, lab.guest(to), v6).orElseThrow(),
        PACE);
  }

  Stream stream(
      GuestWires wires, String from, String to, boolean v6, IntFunction<Segment> segments) {
    return Stream.of(
        wires,
        from,
        to,
        GuestWires.address(lab, lab.guest(from), v6).orElseThrow(),
        GuestWires.address(lab, lab.guest(to), v6).orElseThrow(),
        segments,
        PACE);
  }

  /** Applies documents in YAML and waits until every host enforces them. */
  long apply(String yaml) {
    try {
      return tell(Documents.parse(yaml.getBytes(StandardCharsets.UTF_8)));
    } catch (WireError e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }

  /** Applies these edits in one change and waits until every host enforces it. */
  long tell(List<Edit> edits) {
    long revision = api.apply(new String(Documents.toJson(edits), StandardCharsets.UTF_8));
    assertThat(api.awaitApplied(revision, LIMIT).path("applied").asBoolean()).isTrue();
    return System.nanoTime();
  }

  InetAddress address(String guest, boolean v6) {
    return GuestWires.address(lab, lab.guest(guest), v6).orElseThrow();
  }

  /** Runs a command in a guest. */
  Command.Result in(String node, String... words) {
    return Command.of(words).in(lab.namespace(node)).run();
  }

  /** Starts what does not run, plugs in who is unplugged, and waits until all is applied. */
  void startEverything() {
    startIfDead("controller", "controller");
    for (Topology.Host host : lab.topology().hosts()) {
      List.of("ovsdb-server", "vswitchd", "agent").forEach(each -> startIfDead(host.name(), each));
    }
    lab.topology().guests().stream().filter(guest -> !lab.attached(guest)).forEach(lab::plug);
    assertThat(Await.until(api::answers, LIMIT)).isTrue();
    awaitApplied();
  }

  private void startIfDead(String node, String process) {
    if (lab.process(node, process).filter(ProcessRecord::running).isEmpty()) {
      lab.start(node, process);
    }
  }

  /** Waits until the newest revision is applied everywhere. */
  void awaitApplied() {
    assertThat(api.awaitApplied(api.latestRevision(), LIMIT).path("applied").asBoolean()).isTrue();
  }

  /** What a process has written so far. */
  String log(String nodeAndProcess) {
    try {
      return Files.readString(lab.records().logs().resolve(nodeAndProcess + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> guests() {
    return lab.topology().guests().stream().map(Guest::name).toList();
  }

  @Override
  public void close() {
    api.close();
    Removal.of(lab.topology().name());
  }
}
