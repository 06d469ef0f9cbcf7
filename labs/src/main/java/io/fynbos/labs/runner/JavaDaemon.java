package io.fynbos.labs.runner;

import io.fynbos.labs.net.Namespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of the product's own processes, run from the same class path as this one, in a namespace, in
 * a session of its own so that it outlives the command that started it.
 */
record JavaDaemon(
    String node,
    String process,
    Namespace namespace,
    List<String> flags,
    String main,
    List<String> arguments) {
  static final String CONTROLLER = "controller";
  static final String AGENT = "agent";

  /** A controller is asked for little here; an agent for next to nothing, and quickly. */
  private static final List<String> CONTROLLER_FLAGS =
      List.of("-Xms32m", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=48m");

  private static final List<String> AGENT_FLAGS =
      List.of(
          "-Xms10m",
          "-Xmn6m",
          "-Xmx128m",
          "-XX:SurvivorRatio=2",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=30",
          "-XX:TieredStopAtLevel=1",
          "-XX:ReservedCodeCacheSize=24m");

  /** Where the launcher keeps the archives of the classes that each process loads. */
  private static final Optional<Path> ARCHIVES =
      Optional.ofNullable(System.getProperty("fynbos.archives")).map(Path::of);

  /** An archive that does not fit is not used, and nobody wants to read of it. */
  private static final String QUIET = "-Xlog:disable";

  JavaDaemon {
    flags = List.copyOf(flags);
    arguments = List.copyOf(arguments);
  }

  static JavaDaemon controller(Wiring wiring, LabDirectory records) {
    return new JavaDaemon(
        CONTROLLER,
        CONTROLLER,
        wiring.controller(),
        CONTROLLER_FLAGS,
        "io.fynbos.controller.ControllerMain",
        List.of(
            "--data",
            records.node(CONTROLLER).resolve("data").toString(),
            "--api",
            "127.0.0.1:" + ControllerApi.PORT,
            "--api",
            Wiring.CONTROLLER_ADDRESS + ":" + ControllerApi.PORT,
            "--openflow",
            Wiring.CONTROLLER_ADDRESS + ":6653"));
  }

  static JavaDaemon agent(
      String host, String underlay, HostSwitch hostSwitch, Wiring wiring, LabDirectory records) {
    return new JavaDaemon(
        host,
        AGENT,
        wiring.namespace(host),
        AGENT_FLAGS,
        "io.fynbos.agent.AgentMain",
        List.of(
            "--host",
            host,
            "--underlay",
            underlay,
            "--controller-api",
            "http://" + Wiring.CONTROLLER_ADDRESS + ":" + ControllerApi.PORT,
            "--openflow",
            "tcp:" + Wiring.CONTROLLER_ADDRESS + ":6653",
            "--ovsdb",
            hostSwitch.database(),
            "--ovs-rundir",
            hostSwitch.directory().toString(),
            "--data",
            records.node(host).resolve("agent").toString(),
            "--underlay-bridge",
            "br-phy",
            "--datapath",
            "netdev"));
  }

  /** Starts it and records it. It writes its log beside those of the lab's other processes. */
  void start(LabDirectory records) {
    List<String> words = new ArrayList<>(List.of(java()));
    words.addAll(List.of("-XX:+UseSerialGC", "-Xss512k", "-XX:+ExitOnOutOfMemoryError"));
    words.addAll(flags);
    archive().ifPresent(file -> words.addAll(List.of("-XX:SharedArchiveFile=" + file, QUIET)));
    words.addAll(nativeFlags());
    words.addAll(List.of("-cp", System.getProperty("java.class.path", ""), main));
    words.addAll(arguments);
    Background.start(records, node, process, namespace, words);
  }

  /** The process starts without it as well, only later. */
  private Optional<Path> archive() {
    String name = process + "-" + Runtime.version().feature() + ".jsa";
    return ARCHIVES.map(directory -> directory.resolve(name)).filter(Files::isReadable);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static List<String> nativeFlags() {
    List<String> native_ = new ArrayList<>();
    int release = Runtime.version().feature();
    if (release >= 22) {
      native_.add("--enable-native-access=ALL-UNNAMED");
    }
    if (release >= 23) {
      native_.add("--sun-misc-unsafe-memory-access=allow");
    }
    return native_;
  }
}
