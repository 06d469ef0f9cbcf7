package io.fynbos.controller.walk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fynbos.openflow.wire.FlowEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Open vSwitch with dummy ports in a directory of its own, which needs no root. It forwards
 * nothing, but says for each packet which tables it goes through and where it leaves.
 */
final class DummySwitch implements AutoCloseable {
  private static final String SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema";
  private static final String VSWITCHD = "/usr/sbin/ovs-vswitchd";

  private final Path directory;
  private final Set<Integer> ports = new TreeSet<>();

  private DummySwitch(Path directory) {
    this.directory = directory;
  }

  /** Starts one, or has the test skipped where Open vSwitch is not installed. */
  static DummySwitch start() throws IOException {
    assumeTrue(Files.exists(Path.of(SCHEMA)), "Open vSwitch is not installed");
    assumeTrue(Files.exists(Path.of(VSWITCHD)), "Open vSwitch is not installed");
    // A unix domain socket's path has to be short, and so has the directory's.
    DummySwitch dummy = new DummySwitch(Files.createTempDirectory(Path.of("/tmp"), "fynovs"));
    dummy.boot();
    return dummy;
  }

  private void boot() {
    run("ovsdb-tool", "create", file("conf.db"), SCHEMA);
    daemon("/usr/sbin/ovsdb-server", file("conf.db"), "--remote=punix:" + file("db.sock"));
    vsctl("--no-wait", "init");
    daemon(VSWITCHD, "unix:" + file("db.sock"), "--enable-dummy=override", "--disable-system");
    vsctl("add-br", "br0");
    vsctl("set", "bridge", "br0", "datapath_type=dummy", "fail_mode=secure");
    vsctl("set", "bridge", "br0", "protocols=OpenFlow15");
  }

  private void daemon(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    String name = Path.of(program).getFileName().toString();
    command.add("--pidfile=" + file(name + ".pid"));
    command.add("--unixctl=" + file(name + ".ctl"));
    command.add("--log-file=" + file(name + ".log"));
    command.addAll(List.of("-vconsole:off", "--detach", "--no-chdir"));
    run(command.toArray(String[]::new));
  }

  /** Where it listens for OpenFlow. */
  UnixDomainSocketAddress management() {
    return UnixDomainSocketAddress.of(directory.resolve("br0.mgmt"));
  }

  /** Makes the flows the switch's only ones. */
  void install(List<FlowEntry> flows) throws IOException {
    Path text = directory.resolve("wanted.flows");
    Files.write(text, flows.stream().map(FlowEntry::toString).toList());
    run(
        "ovs-ofctl",
        "-OOpenFlow15",
        "--bundle",
        "replace-flows",
        "unix:" + file("br0.mgmt"),
        text.toString());
  }

  /** The flows that it has, as it writes them. */
  List<String> flows() {
    return run("ovs-ofctl", "-OOpenFlow15", "--no-stats", "dump-flows", "unix:" + file("br0.mgmt"))
        .lines()
        .map(String::strip)
        .filter(line -> line.contains("actions="))
        .toList();
  }

  /** Makes sure that there is a port of that number. */
  void port(int number) {
    if (ports.add(number)) {
      String name = "p" + number;
      vsctl("add-port", "br0", name);
      vsctl("set", "interface", name, "type=dummy", "ofport_request=" + number);
    }
  }

  /** What it says of a packet, with the states that connection tracking is to answer. */
  String trace(String packet, List<String> states) {
    List<String> command =
        new ArrayList<>(
            List.of("ovs-appctl", "-t", file("ovs-vswitchd.ctl"), "ofproto/trace", "br0", packet));
    for (String state : states) {
      command.add("--ct-next");
      command.add(state);
    }
    return run(command.toArray(String[]::new));
  }

  private void vsctl(String... words) {
    List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--db=unix:" + file("db.sock")));
    command.addAll(List.of(words));
    run(command.toArray(String[]::new));
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  private String run(String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      for (String variable : List.of("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR")) {
        builder.environment().put(variable, directory.toString());
      }
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (String name : List.of("ovs-vswitchd", "ovsdb-server")) {
      Path pid = directory.resolve(name + ".pid");
      if (Files.exists(pid)) {
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
            .ifPresent(DummySwitch::stop);
      }
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static void stop(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
