package io.fynbos.openflow.session;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Open vSwitch of our own in a directory of its own, with dummy ports: needs no root. It
 * ends by the process ids that it wrote.
 */
final class PrivateSwitch implements AutoCloseable {
  private static final String SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema";

  private final Path directory;

  private PrivateSwitch(Path directory) {
    this.directory = directory;
  }

  /**
   * Starts one with a bridge {@code br0}, or has the test skipped where Open vSwitch is not there.
   */
  static PrivateSwitch start() {
    assumeTrue(Files.exists(Path.of(SCHEMA)), "Open vSwitch is not installed");
    assumeTrue(Files.exists(Path.of("/usr/sbin/ovs-vswitchd")), "Open vSwitch is not installed");
    try {
      // Unix domain socket paths are short, so the directory's is.
      PrivateSwitch ovs = new PrivateSwitch(Files.createTempDirectory(Path.of("/tmp"), "fynovs"));
      ovs.boot();
      return ovs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void boot() {
    run("ovsdb-tool", "create", file("conf.db"), SCHEMA);
    run(
        "/usr/sbin/ovsdb-server",
        file("conf.db"),
        "--remote=punix:" + file("db.sock"),
        "--pidfile=" + file("ovsdb-server.pid"),
        "--unixctl=" + file("ovsdb-server.ctl"),
        "--log-file=" + file("ovsdb-server.log"),
        "-vconsole:off",
        "--detach",
        "--no-chdir");
    run("ovs-vsctl", "--db=unix:" + file("db.sock"), "--no-wait", "init");
    run(
        "/usr/sbin/ovs-vswitchd",
        "unix:" + file("db.sock"),
        "--enable-dummy=override",
        "--disable-system",
        "--pidfile=" + file("ovs-vswitchd.pid"),
        "--unixctl=" + file("ovs-vswitchd.ctl"),
        "--log-file=" + file("ovs-vswitchd.log"),
        "-vconsole:off",
        "--detach",
        "--no-chdir");
    vsctl(
        "add-br br0 -- set bridge br0 datapath_type=dummy fail_mode=secure"
            + " protocols=OpenFlow15 other_config:datapath-id=00000000000000ab"
            + " other-config:disable-in-band=true");
    for (int port = 1; port <= 4; port++) {
      vsctl(
          "add-port br0 p%d -- set interface p%d type=dummy ofport_request=%d"
              .formatted(port, port, port));
    }
  }

  /** Where the bridge listens for OpenFlow. */
  Path management() {
    return directory.resolve("br0.mgmt");
  }

  /**
   * A session over the management socket. Open vSwitch hangs up on a handshake that takes a second,
   * as the first of a process may on a busy machine, so it is tried again.
   */
  SwitchSession connect(OpenFlowClient client, int controllerId, SwitchListener listener) {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(management());
    for (int attempt = 1; ; attempt++) {
      try {
        return client.connect(address, controllerId, SessionLimits.DEFAULT, listener).join();
      } catch (CompletionException refused) {
        if (attempt == 5) {
          throw refused;
        }
      }
    }
  }

  String vsctl(String words) {
    List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--db=unix:" + file("db.sock")));
    command.addAll(List.of(words.split(" ")));
    return run(command.toArray(String[]::new));
  }

  String ofctl(String... words) {
    List<String> command = new ArrayList<>(List.of("ovs-ofctl", "-OOpenFlow15", "--no-names"));
    command.addAll(List.of(words));
    return run(command.toArray(String[]::new));
  }

  String appctl(String... words) {
    List<String> command = new ArrayList<>(List.of("ovs-appctl", "-t", file("ovs-vswitchd.ctl")));
    command.addAll(List.of(words));
    return run(command.toArray(String[]::new));
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
      if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
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
  public void close() {
    for (String daemon : List.of("ovs-vswitchd", "ovsdb-server")) {
      stop(directory.resolve(daemon + ".pid"));
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(Path pidFile) {
    try {
      if (Files.exists(pidFile)) {
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        ProcessHandle.of(pid)
            .ifPresent(
                process -> {
                  process.destroyForcibly();
                  process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
                });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
