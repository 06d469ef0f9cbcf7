package io.fynbos.agent.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * An Open vSwitch of one's own in a directory of its own: a real ovsdb-server and a real
 * ovs-vswitchd whose devices are dummies, so that it needs no root. Either can be killed and
 * started again.
 */
public final class PrivateOvs implements AutoCloseable {
  private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path directory;
  private Optional<Process> database = Optional.empty();
  private Optional<Process> vswitchd = Optional.empty();

  private PrivateOvs(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes the directory and an empty database; skips the test where Open vSwitch is not installed.
   */
  public static PrivateOvs create() {
    for (String tool : List.of("ovsdb-tool", "ovsdb-server", "ovs-vswitchd", "ovs-ofctl")) {
      assumeTrue(installed(tool), tool + " is not installed");
    }
    try {
      PrivateOvs ovs = new PrivateOvs(Files.createTempDirectory("fyn-ovs"));
      ovs.run(
          "ovsdb-tool", "create", ovs.directory.resolve("conf.db").toString(), SCHEMA.toString());
      return ovs;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean installed(String tool) {
    for (String place : List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")) {
      if (Files.isExecutable(Path.of(place, tool))) {
        return true;
      }
    }
    return false;
  }

  /** Where its sockets are. */
  public Path directory() {
    return directory;
  }

  /** The database's socket. */
  public Path databaseSocket() {
    return directory.resolve("db.sock");
  }

  /** Starts the database server and waits until it listens; the extra remotes are added. */
  public PrivateOvs startDatabase(String... remotes) {
    List<String> command = new ArrayList<>();
    command.add("ovsdb-server");
    command.add(directory.resolve("conf.db").toString());
    command.add("--remote=punix:" + databaseSocket());
    for (String remote : remotes) {
      command.add("--remote=" + remote);
    }
    command.add("--unixctl=" + directory.resolve("ovsdb-server.ctl"));
    command.add("--log-file=" + directory.resolve("ovsdb-server.log"));
    command.add("-vconsole:off");
    database = Optional.of(start(command));
    awaitFile(databaseSocket());
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> tries("ovs-vsctl", db(), "--no-wait", "init") == 0);
    return this;
  }

  /** Starts the switch, without waiting for it. */
  public PrivateOvs startSwitch() {
    vswitchd =
        Optional.of(
            start(
                List.of(
                    "ovs-vswitchd",
                    "unix:" + databaseSocket(),
                    "--enable-dummy=override",
                    "--unixctl=" + directory.resolve("ovs-vswitchd.ctl"),
                    "--log-file=" + directory.resolve("ovs-vswitchd.log"),
                    "-vconsole:off")));
    return this;
  }

  /** {@code kill -9} of the database server. */
  public void killDatabase() {
    database.ifPresent(PrivateOvs::kill);
    database = Optional.empty();
    delete(databaseSocket());
  }

  /** {@code kill -9} of the switch. */
  public void killSwitch() {
    vswitchd.ifPresent(PrivateOvs::kill);
    vswitchd = Optional.empty();
  }

  /** Runs {@code ovs-vsctl} without waiting for the switch. */
  public String vsctl(String... arguments) {
    return run(words(List.of("ovs-vsctl", db(), "--no-wait"), arguments));
  }

  /** Runs {@code ovs-ofctl} with OpenFlow 1.5 against a bridge's management socket. */
  public String ofctl(String command, String bridge, String... arguments) {
    String target = "unix:" + directory.resolve(bridge + ".mgmt");
    return run(words(List.of("ovs-ofctl", "-O", "OpenFlow15", command, target), arguments));
  }

  /** Runs {@code ovs-appctl} against the switch. */
  public String appctl(String... arguments) {
    String target = directory.resolve("ovs-vswitchd.ctl").toString();
    return run(words(List.of("ovs-appctl", "-t", target), arguments));
  }

  /** Whether the switch answers a command. */
  public boolean answers(String... arguments) {
    String target = directory.resolve("ovs-vswitchd.ctl").toString();
    return tries(words(List.of("ovs-appctl", "-T", "2", "-t", target), arguments)) == 0;
  }

  @Override
  public void close() {
    killSwitch();
    killDatabase();
    try (var files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(PrivateOvs::delete);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String db() {
    return "--db=unix:" + databaseSocket();
  }

  private static String[] words(List<String> first, String... then) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(then));
    return all.toArray(String[]::new);
  }

  private String run(String... command) {
    try {
      Process process = builder(List.of(command)).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + status + "\n" + output);
      }
      return output;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private int tries(String... command) {
    try {
      Process process = builder(List.of(command)).start();
      process.getInputStream().readAllBytes();
      return process.waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process start(List<String> command) {
    try {
      return builder(command).redirectOutput(new File("/dev/null")).start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("OVS_RUNDIR", directory.toString());
    environment.put("OVS_LOGDIR", directory.toString());
    environment.put("OVS_DBDIR", directory.toString());
    environment.merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
    return builder;
  }

  private static void kill(Process process) {
    try {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitFile(Path path) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> Files.exists(path));
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
