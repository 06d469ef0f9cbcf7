package io.fynbos.controller;

import io.fynbos.controller.api.ApiServer;
import io.fynbos.controller.api.Backend;
import io.fynbos.controller.api.EventStream;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.core.RandomIds;
import io.fynbos.controller.flowlog.FlowLog;
import io.fynbos.controller.flowlog.FlowLogFile;
import io.fynbos.controller.metrics.Metrics;
import io.fynbos.controller.reconcile.EdgeTables;
import io.fynbos.controller.reconcile.Fleet;
import io.fynbos.controller.rules.HitCounters;
import io.fynbos.controller.rules.RuleNames;
import io.fynbos.controller.store.SqliteStore;
import io.fynbos.controller.store.StoreException;
import io.fynbos.openflow.session.OpenFlowServer;
import io.fynbos.openflow.session.SessionLimits;
import io.fynbos.openflow.session.TlsFiles;
import io.fynbos.policy.decide.Command.ReleaseNumbers;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The controller's process: wires the parts together and runs until it is told to stop. */
@Command(
    name = "fynbos controller",
    mixinStandardHelpOptions = true,
    description = "Runs a controller.",
    footer = {
      "",
      "Example:",
      "  fynbos controller --data /var/lib/fynbos/controller --api 127.0.0.1:8181"
          + " --openflow 10.0.0.1:6653"
    })
public final class ControllerMain implements Callable<Integer> {

  /** Properties of libraries: where logs go, and less to load at the start. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "logback.configurationFile", "logback-controller.xml",
          "com.linecorp.armeria.tlsEngineType", "jdk",
          "io.netty.jfr.enabled", "false");

  private static final int STOP_SECONDS = 5;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "/var/lib/fynbos/controller",
      description = "Where the store is (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of(".");

  @Option(
      names = "--api",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8181",
      description = "Where the HTTP API listens; may be repeated (default: ${DEFAULT-VALUE}).")
  private List<String> api = List.of();

  @Option(
      names = "--api-name",
      paramLabel = "NAME",
      description = "A host name by which clients reach the API; may be repeated.")
  private List<String> names = List.of();

  @Option(
      names = "--openflow",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:6653",
      description = "Where switches connect (default: ${DEFAULT-VALUE}).")
  private String openflow = "";

  @Option(
      names = "--read-back",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How often each switch is read back and repaired (default: ${DEFAULT-VALUE}).")
  private int readBackSeconds;

  @ArgGroup(exclusive = false)
  private @Nullable ApiTls apiTls;

  @ArgGroup(exclusive = false)
  private @Nullable OpenFlowTls openflowTls;

  /** HTTPS for the API. */
  static final class ApiTls {
    @Option(
        names = "--api-tls-cert",
        required = true,
        paramLabel = "PEM",
        description = "The API's certificate; makes it HTTPS.")
    private Path certificate = Path.of(".");

    @Option(
        names = "--api-tls-key",
        required = true,
        paramLabel = "PEM",
        description = "Its private key.")
    private Path key = Path.of(".");

    @Option(
        names = "--api-tls-ca",
        paramLabel = "PEM",
        description = "Who signs clients' certificates; makes them required.")
    private Optional<Path> authority = Optional.empty();
  }

  /** TLS for switches. */
  static final class OpenFlowTls {
    @Option(
        names = "--openflow-tls-cert",
        required = true,
        paramLabel = "PEM",
        description = "The certificate for switches; makes it TLS.")
    private Path certificate = Path.of(".");

    @Option(
        names = "--openflow-tls-key",
        required = true,
        paramLabel = "PEM",
        description = "Its private key.")
    private Path key = Path.of(".");

    @Option(
        names = "--openflow-tls-ca",
        required = true,
        paramLabel = "PEM",
        description = "Who signs switches' certificates.")
    private Path authority = Path.of(".");
  }

  /** Runs the controller and ends the process with its status. */
  public static void main(String[] args) {
    DEFAULTS.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
    System.exit(new CommandLine(new ControllerMain()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    Logger log = LoggerFactory.getLogger(ControllerMain.class);
    List<InetSocketAddress> addresses = new ArrayList<>();
    api.forEach(text -> addresses.add(address("--api", text)));
    InetSocketAddress switches = address("--openflow", openflow);
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stopped, closed), "shutdown"));
    try (Parts parts = Parts.start(this, addresses, switches)) {
      log.info(
          "event=controller-started revision={} api={} openflow={}",
          parts.controller().image().revision(),
          parts.server().addresses(),
          parts.openflow().address());
      stopped.await();
      return 0;
    } catch (StoreException e) {
      log.error("event=store-unusable error=\"{}\"", e.getMessage());
      return 1;
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      log.error("event=start-failed error=\"{}\"", cause.getMessage(), e);
      return 1;
    } finally {
      log.info("event=controller-stopped");
      closed.countDown();
    }
  }

  /** Runs when the process is told to end: has everything closed first. */
  private static void stop(CountDownLatch stopped, CountDownLatch closed) {
    stopped.countDown();
    try {
      if (!closed.await(STOP_SECONDS, TimeUnit.SECONDS)) {
        LoggerFactory.getLogger(ControllerMain.class).warn("event=stop-cut-short");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private InetSocketAddress address(String option, String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String port = text.substring(colon + 1);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 0xffff) {
      throw new ParameterException(
          spec.commandLine(), option + " is HOST:PORT, such as 127.0.0.1:8181, not " + text);
    }
    InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(port));
    if (address.isUnresolved()) {
      throw new ParameterException(
          spec.commandLine(), option + ": the host " + host + " has no address");
    }
    return address;
  }

  /** What runs, in the order in which it is stopped. */
  private record Parts(
      ApiServer server,
      OpenFlowServer openflow,
      Fleet fleet,
      Controller controller,
      FlowLogFile flowLog,
      Metrics metrics)
      implements AutoCloseable {

    static Parts start(
        ControllerMain options, List<InetSocketAddress> api, InetSocketAddress switches) {
      SqliteStore store = SqliteStore.open(options.data, SqliteStore.Limits.DEFAULT);
      Metrics metrics = new Metrics();
      Controller controller = new Controller(store, new RandomIds(), metrics);
      RuleNames rules = new RuleNames(controller.image());
      HitCounters hits = new HitCounters(rules, InstantSource.system());
      controller.subscribe(rules);
      controller.subscribe(hits);
      Fleet fleet =
          new Fleet(
              controller.image(),
              new EdgeTables(),
              metrics,
              hits::observe,
              new Fleet.Pace(
                  Duration.ofSeconds(options.readBackSeconds), Fleet.Pace.DEFAULT.stepMax()),
              Instant.now().getEpochSecond(),
              applied -> controller.submit(new ReleaseNumbers(applied)));
      controller.subscribe(fleet);
      metrics.watch(controller);
      metrics.watch(fleet.progress(), controller);
      metrics.watch(hits);
      FlowLogFile file = FlowLogFile.in(options.data, FlowLogFile.Limits.DEFAULT, metrics);
      FlowLog flowLog =
          new FlowLog(controller::image, rules, file, metrics, InstantSource.system());
      Optional<ApiServer.Tls> tls =
          Optional.ofNullable(options.apiTls)
              .map(files -> new ApiServer.Tls(files.certificate, files.key, files.authority));
      ApiServer.Listen listen =
          new ApiServer.Listen(api, Set.copyOf(options.names), tls, EventStream.Pace.DEFAULT);
      ApiServer server =
          ApiServer.start(
              listen, new Backend(controller, fleet, store, rules, hits, flowLog, metrics));
      OpenFlowServer openflow =
          OpenFlowServer.listen(
              switches,
              Optional.ofNullable(options.openflowTls)
                  .map(files -> new TlsFiles(files.key, files.certificate, files.authority)),
              SessionLimits.DEFAULT,
              fleet);
      controller.start();
      return new Parts(server, openflow, fleet, controller, file, metrics);
    }

    @Override
    public void close() {
      server.close();
      openflow.close();
      fleet.close();
      controller.close();
      flowLog.close();
      metrics.close();
    }
  }
}
