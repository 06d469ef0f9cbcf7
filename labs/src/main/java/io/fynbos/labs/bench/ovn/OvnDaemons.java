package io.fynbos.labs.bench.ovn;

import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Machine;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.runner.HostSwitch;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.runner.ProcessRecord;
import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.topology.Topology.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * OVN's processes in a lab without the product: both databases and northd where a controller would
 * be, an ovn-controller on each host. They run in the lab's namespaces and stand in its records, so
 * that they go with it.
 */
final class OvnDaemons {
  private static final List<String> TOOLS =
      List.of("ovn-northd", "ovn-controller", "ovn-nbctl", "ovn-sbctl", "ovsdb-server");

  private final Lab lab;
  private final Path directory;
  private final List<ProcessRecord> processes = new ArrayList<>();

  private OvnDaemons(Lab lab) {
    this.lab = lab;
    this.directory = lab.records().node(Topology.CONTROLLER);
  }

  /** Says what is to be installed when OVN is not there. */
  static void check() {
    List<String> missing = Machine.missing(TOOLS);
    if (!missing.isEmpty()) {
      throw new LabException(
          "OVN is not installed (missing: %s); Debian has it: sudo apt-get install ovn-central ovn-host"
              .formatted(String.join(", ", missing)));
    }
  }

  /** Starts them all, with empty databases. */
  static OvnDaemons start(Lab lab) {
    OvnDaemons daemons = new OvnDaemons(lab);
    daemons.startCentral();
    lab.topology().hosts().forEach(daemons::startController);
    return daemons;
  }

  Path northbound() {
    return directory.resolve("nb.sock");
  }

  Path southbound() {
    return directory.resolve("sb.sock");
  }

  List<ProcessRecord> processes() {
    return List.copyOf(processes);
  }

  private void startCentral() {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new LabException(directory + " cannot be made: " + e.getMessage(), e);
    }
    startDatabase("nb", northbound());
    startDatabase("sb", southbound());
    Command.of("ovn-nbctl", "--db=unix:" + northbound(), "--no-wait", "init").succeed();
    Command.of("ovn-sbctl", "--db=unix:" + southbound(), "init").succeed();
    start(
        Topology.CONTROLLER,
        "northd",
        lab.wiring().controller(),
        Map.of(),
        List.of(
            "ovn-northd",
            "--ovnnb-db=unix:" + northbound(),
            "--ovnsb-db=unix:" + southbound(),
            "--unixctl=" + directory.resolve("northd.ctl")));
  }

  private void startDatabase(String name, Path socket) {
    String file = directory.resolve(name + ".db").toString();
    Command.of("ovsdb-tool", "create", file, "/usr/share/ovn/ovn-" + name + ".ovsschema").succeed();
    start(
        Topology.CONTROLLER,
        name + "-database",
        lab.wiring().controller(),
        Map.of(),
        List.of(
            "ovsdb-server",
            file,
            "--remote=punix:" + socket,
            "--unixctl=" + directory.resolve(name + ".ctl")));
  }

  private void startController(Host host) {
    HostSwitch ovs = lab.hostSwitch(host.name());
    ovs.vsctl(
            "add-br",
            "br-int",
            "--",
            "set",
            "bridge",
            "br-int",
            "datapath_type=netdev",
            "fail_mode=secure")
        .succeed();
    ovs.vsctl(
            "set",
            "open_vswitch",
            ".",
            "external_ids:system-id=" + host.name(),
            "external_ids:ovn-remote=\"unix:" + southbound() + "\"",
            "external_ids:ovn-encap-type=geneve",
            "external_ids:ovn-encap-ip=" + host.underlay(),
            "external_ids:ovn-bridge-datapath-type=netdev")
        .succeed();
    String run = ovs.directory().toString();
    start(
        host.name(),
        "ovn-controller",
        lab.namespace(host.name()),
        Map.of("OVS_RUNDIR", run, "OVN_RUNDIR", run),
        List.of("ovn-controller", ovs.database()));
  }

  private void start(
      String node,
      String process,
      Namespace namespace,
      Map<String, String> environment,
      List<String> words) {
    Path pidFile = lab.records().path().resolve(node + "." + process + ".pid");
    List<String> all =
        Command.words(
            words,
            "--pidfile=" + pidFile,
            "--detach",
            "--no-chdir",
            "--log-file=" + lab.records().logs().resolve(node + "." + process + ".log"),
            "-vconsole:off");
    Command command = Command.of(all).in(namespace);
    for (var each : new TreeMap<>(environment).entrySet()) {
      command = command.with(each.getKey(), each.getValue());
    }
    command.succeed();
    try {
      long pid = Long.parseLong(Files.readString(pidFile).strip());
      ProcessRecord record = ProcessRecord.of(node, process, pid);
      lab.records().record(record);
      processes.add(record);
    } catch (IOException e) {
      throw new LabException(process + " of " + node + " wrote no pid file", e);
    }
  }
}
