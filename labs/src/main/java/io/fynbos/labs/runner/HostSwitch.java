package io.fynbos.labs.runner;

import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.topology.Topology.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The private Open vSwitch of one host: its own database, its own daemons, all inside the host's
 * namespace, with the userspace datapath. {@code br-phy} holds the underlay; {@code br-int} is the
 * agent's business.
 */
public final class HostSwitch {
  static final String OVSDB = "ovsdb-server";
  static final String VSWITCHD = "vswitchd";
  private static final String SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema";

  /** As Debian's own start script runs both daemons: forwarding goes before everything else. */
  private static final String PRIORITY = "-10";

  private static final Duration BRIDGE_LIMIT = Duration.ofSeconds(20);

  private final Host host;
  private final Namespace namespace;
  private final Path directory;
  private final LabDirectory records;

  HostSwitch(Host host, Namespace namespace, LabDirectory records) {
    this.host = host;
    this.namespace = namespace;
    this.records = records;
    this.directory = records.node(host.name()).resolve("ovs");
  }

  /** Where its sockets and its database are. */
  public Path directory() {
    return directory;
  }

  /** Its database, as OVS tools write it. */
  public String database() {
    return "unix:" + directory.resolve("db.sock");
  }

  /** Creates the database, starts both daemons and puts the underlay in place. */
  void create() {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new LabException(directory + " cannot be made: " + e.getMessage(), e);
    }
    ovs("ovsdb-tool", "create", directory.resolve("conf.db").toString(), SCHEMA).succeed();
    startDatabase();
    vsctl("--no-wait", "init").succeed();
    vsctl(
            "--no-wait",
            "add-br",
            "br-phy",
            "--",
            "set",
            "bridge",
            "br-phy",
            "datapath_type=netdev",
            "other_config:hwaddr=" + bridgeMac(),
            "--",
            "add-port",
            "br-phy",
            Wiring.UPLINK)
        .succeed();
    startSwitch();
  }

  /** A MAC unlike the uplink's, so that the kernel below the uplink leaves these frames alone. */
  private String bridgeMac() {
    String[] parts = host.underlay().split("\\.", -1);
    return "02:fb:%02x:%02x:%02x:%02x"
        .formatted(
            Integer.parseInt(parts[0]),
            Integer.parseInt(parts[1]),
            Integer.parseInt(parts[2]),
            Integer.parseInt(parts[3]));
  }

  void startDatabase() {
    daemon(
        OVSDB,
        "ovsdb-server",
        directory.resolve("conf.db").toString(),
        "--remote=punix:" + directory.resolve("db.sock"));
  }

  /**
   * Starts vswitchd. Its bridges' own interfaces die with it, so the underlay address is put back
   * each time, as a host's network configuration would.
   */
  void startSwitch() {
    daemon(VSWITCHD, "ovs-vswitchd", database());
    Await.until(this::bridgeInterfaceExists, BRIDGE_LIMIT);
    namespace.configure(
        List.of("addr replace " + host.underlay() + "/24 dev br-phy", "link set br-phy up"));
  }

  private boolean bridgeInterfaceExists() {
    return Command.of("ip", "-n", namespace.name(), "link", "show", "br-phy").run().status() == 0;
  }

  private void daemon(String process, String program, String... arguments) {
    Path pidFile = directory.resolve(program + ".pid");
    List<String> words =
        Command.words(
            List.of("nice", "-n", PRIORITY, program),
            "--pidfile=" + pidFile,
            "--unixctl=" + directory.resolve(program + ".ctl"),
            "--detach",
            "--no-chdir",
            "--log-file=" + records.logs().resolve(host.name() + "." + process + ".log"),
            "-vconsole:off");
    words.addAll(words.indexOf(program) + 1, List.of(arguments));
    ovs(words.toArray(String[]::new)).in(namespace).succeed();
    try {
      long pid = Long.parseLong(Files.readString(pidFile).strip());
      records.record(ProcessRecord.of(host.name(), process, pid));
    } catch (IOException e) {
      throw new LabException(program + " of " + host.name() + " wrote no pid file", e);
    }
  }

  /** A call of ovs-vsctl on this host's database. */
  public Command vsctl(String... arguments) {
    return ovs(
        Command.words(List.of("ovs-vsctl", "--timeout=15", "--db=" + database()), arguments)
            .toArray(String[]::new));
  }

  /** A call of ovs-ofctl on one of this host's bridges. */
  public Command ofctl(String... arguments) {
    return ovs(
        Command.words(List.of("ovs-ofctl", "-O", "OpenFlow15"), arguments).toArray(String[]::new));
  }

  /** A call of ovs-appctl on this host's vswitchd. */
  public Command appctl(String... arguments) {
    return ovs(
        Command.words(
                List.of("ovs-appctl", "-t", directory.resolve("ovs-vswitchd.ctl").toString()),
                arguments)
            .toArray(String[]::new));
  }

  /** Whether the agent has made its bridge. */
  boolean hasBridge() {
    return vsctl("br-exists", "br-int").run().status() == 0;
  }

  private Command ovs(String... words) {
    return Command.of(words)
        .with("OVS_RUNDIR", directory.toString())
        .with("OVS_LOGDIR", records.logs().toString())
        .with("OVS_DBDIR", directory.toString());
  }
}
