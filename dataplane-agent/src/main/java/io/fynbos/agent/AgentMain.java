package io.fynbos.agent;

import io.fynbos.agent.jsonrpc.PeerAddress;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fynbos agent}: the process on each host. */
@Command(
    name = "fynbos agent",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs this host's agent: the owner of its Open vSwitch.")
public final class AgentMain implements Callable<Integer> {
  /** Whether Netty looks for the flight recorder, which then is loaded for nobody. */
  private static final String FLIGHT_RECORDER = "io.netty.jfr.enabled";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli fills it in
  private CommandSpec spec;

  @Option(names = "--host", required = true, paramLabel = "NAME", description = "This host's name.")
  private String host = "";

  @Option(
      names = "--underlay",
      required = true,
      paramLabel = "IP",
      description = "This host's tunnel address.")
  private String underlay = "";

  @Option(
      names = "--controller-api",
      required = true,
      paramLabel = "URL",
      description = "The controller's HTTP API.")
  private String controllerApi = "";

  @Option(
      names = "--openflow",
      required = true,
      paramLabel = "tcp:IP:PORT",
      description = "Where the switch finds its controller.")
  private String openFlow = "";

  @Option(
      names = "--ovsdb",
      paramLabel = "ADDRESS",
      defaultValue = "unix:/run/openvswitch/db.sock",
      description = "The switch's database, unix:PATH or tcp:IP:PORT (${DEFAULT-VALUE}).")
  private String database = "";

  @Option(
      names = "--ovs-rundir",
      paramLabel = "DIR",
      defaultValue = "/run/openvswitch",
      description = "Where the switch has its sockets (${DEFAULT-VALUE}).")
  private Path runDirectory = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "/var/lib/fynbos/agent",
      description = "Where the agent keeps its files (${DEFAULT-VALUE}).")
  private Path data = Path.of("");

  @Option(
      names = "--underlay-bridge",
      paramLabel = "NAME",
      defaultValue = "br-phy",
      description = "With netdev: the bridge that tunnels leave by (${DEFAULT-VALUE}).")
  private String underlayBridge = "";

  @Option(
      names = {"--datapath-type", "--datapath"},
      paramLabel = "TYPE",
      defaultValue = "system",
      description =
          "system (in the kernel) or netdev (in userspace); ${DEFAULT-VALUE} if not given.")
  private String datapathType = "";

  /** Runs until it is killed, or exits with 2 when an option is wrong. */
  public static void main(String[] arguments) {
    if (System.getProperty(FLIGHT_RECORDER) == null) {
      System.setProperty(FLIGHT_RECORDER, "false");
    }
    AgentLog.begin();
    System.exit(commandLine().execute(arguments));
  }

  /** The command and its options. */
  static CommandLine commandLine() {
    return new CommandLine(new AgentMain());
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (Agent agent = new Agent(settings())) {
      LoggerFactory.getLogger(AgentMain.class)
          .info("event=agent-started host={} underlay={}", host, underlay);
      agent.start();
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private Settings settings() {
    try {
      return new Settings(
          new HostName(host),
          IpAddress.parse(underlay),
          URI.create(controllerApi),
          openFlow,
          PeerAddress.parse(database),
          runDirectory,
          data,
          underlayBridge,
          datapathType);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
