package io.fynbos.controller.api;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.core.RandomIds;
import io.fynbos.controller.dryrun.DryRun;
import io.fynbos.controller.metrics.Metrics;
import io.fynbos.controller.reconcile.Fleet;
import io.fynbos.controller.trace.LiveTrace;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.ClientAuth;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The HTTP server: listeners, limits, and all routes. */
public final class ApiServer implements AutoCloseable {

  /** The largest body that is taken. */
  public static final int BODY_BYTES_MAX = 4 << 20;

  private static final int EVENT_LOOPS = 2;
  private static final int CONNECTIONS_MAX = 10_000;
  private static final int WORKERS = 2;
  private static final int WAITING_BODIES_MAX = 64;
  private static final int STOP_MILLIS = 300;
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  /**
   * Where and how to listen.
   *
   * @param addresses one or more; port 0 takes a free one
   * @param names host names that requests may be for, besides addresses and localhost
   * @param tls key and certificates for HTTPS; without it, HTTP
   * @param streams how event streams are kept up
   */
  public record Listen(
      List<InetSocketAddress> addresses,
      Set<String> names,
      Optional<Tls> tls,
      EventStream.Pace streams) {
    public Listen {
      addresses = List.copyOf(addresses);
      names = Set.copyOf(names);
    }
  }

  /**
   * PEM files.
   *
   * @param clientAuthority signs the certificates that clients must have; without it, clients need
   *     none
   */
  public record Tls(Path certificate, Path key, Optional<Path> clientAuthority) {}

  private final Server server;
  private final EventLoopGroup loops;
  private final ThreadPoolExecutor workers;
  private final Analysis analysis;

  private ApiServer(
      Server server, EventLoopGroup loops, ThreadPoolExecutor workers, Analysis analysis) {
    this.analysis = analysis;
    this.server = server;
    this.loops = loops;
    this.workers = workers;
  }

  /** Starts to listen. Fails when an address is taken. */
  public static ApiServer start(Listen listen, Backend backend) {
    Metrics metrics = backend.metrics();
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING_BODIES_MAX),
            task -> new Thread(task, "api-worker"));
    workers.allowCoreThreadTimeOut(true);
    Analysis analysis = new Analysis();
    WatchHub hub = new WatchHub(backend.store(), workers, listen.streams());
    backend.controller().subscribe(hub);
    metrics.watchClients(hub::clients);
    Router router =
        new Router(
            routes(listen, backend, hub, new Bodies(workers), analysis),
            new Gatekeeper(listen.names()),
            metrics::request);
    ServerBuilder builder = Server.builder();
    for (InetSocketAddress address : listen.addresses()) {
      if (listen.tls().isPresent()) {
        builder.https(address);
      } else {
        builder.http(address);
      }
    }
    listen.tls().ifPresent(tls -> secure(builder, tls));
    EventLoopGroup loops = EventLoopGroups.newEventLoopGroup(EVENT_LOOPS, "api");
    Server server =
        builder
            .meterRegistry(NoopMeterRegistry.get())
            .workerGroup(loops, false)
            .blockingTaskExecutor(1)
            .maxNumConnections(CONNECTIONS_MAX)
            .maxRequestLength(BODY_BYTES_MAX)
            .requestTimeout(REQUEST_TIMEOUT)
            .idleTimeout(Duration.ofSeconds(60))
            .gracefulShutdownTimeout(Duration.ZERO, Duration.ZERO)
            .unloggedExceptionsReportInterval(Duration.ZERO)
            .errorHandler(new Failures())
            .serviceUnder("/", router)
            .build();
    server.start().join();
    return new ApiServer(server, loops, workers, analysis);
  }

  private static void secure(ServerBuilder builder, Tls tls) {
    builder.tls(TlsKeyPair.of(tls.key().toFile(), tls.certificate().toFile()));
    tls.clientAuthority()
        .ifPresent(
            authority ->
                builder.tlsCustomizer(
                    context ->
                        context.trustManager(authority.toFile()).clientAuth(ClientAuth.REQUIRE)));
  }

  private static List<Route> routes(
      Listen listen, Backend backend, WatchHub hub, Bodies bodies, Analysis analysis) {
    DryRun dryRun =
        new DryRun(
            backend.fleet().compiler(),
            backend.fleet().orders().questions(),
            new RandomIds(),
            analysis);
    Controller controller = backend.controller();
    Fleet fleet = backend.fleet();
    HostRoutes hosts = new HostRoutes(controller, fleet, bodies, listen.streams());
    List<Route> routes = new ArrayList<>();
    routes.addAll(hosts.routes());
    routes.addAll(new ObjectRoutes(controller, bodies, hosts::addStatus).routes());
    routes.addAll(new ApplyRoutes(controller, bodies, dryRun).routes());
    routes.addAll(new RevisionRoutes(controller, fleet.progress(), hub).routes());
    routes.addAll(new BindingRoutes(controller, fleet.progress()).routes());
    routes.addAll(new HitRoutes(controller, fleet, backend.hits()).routes());
    routes.addAll(
        new FlowLogRoutes(controller, backend.flowLog(), bodies, listen.streams()).routes());
    routes.addAll(new ClaimRoutes(controller, bodies).routes());
    LiveTrace live = new LiveTrace(fleet.orders().questions(), backend.rules());
    routes.addAll(new TraceRoutes(controller, fleet.progress(), live, bodies).routes());
    routes.addAll(new ReachRoutes(controller, analysis).routes());
    routes.addAll(new LintRoutes(controller, fleet, backend.hits(), analysis).routes());
    routes.add(
        Route.get("/metrics", Set.of(), request -> Answers.now(text(backend.metrics().text())))
            .producing(MediaType.PLAIN_TEXT));
    routes.add(
        Route.get("/healthz", Set.of(), request -> Answers.now(text("ok\n")))
            .producing(MediaType.PLAIN_TEXT));
    routes.add(
        Route.get("/readyz", Set.of(), request -> Answers.now(ready(controller)))
            .producing(MediaType.PLAIN_TEXT));
    return routes;
  }

  private static HttpResponse ready(Controller controller) {
    return controller.storeWorks()
        ? text("ok\n")
        : Problem.of(503, "store-unavailable", "the last commit did not reach the disk").response();
  }

  private static HttpResponse text(String body) {
    return HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, body);
  }

  /** The ports that it listens on, in the order of the addresses. */
  public List<InetSocketAddress> addresses() {
    return server.activePorts().values().stream().map(ServerPort::localAddress).toList();
  }

  @Override
  public void close() {
    // The accepting thread lingers for two seconds after its sockets are closed; nobody needs it.
    var unused =
        server.stop().copy().completeOnTimeout(null, STOP_MILLIS, TimeUnit.MILLISECONDS).join();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    workers.shutdownNow();
    analysis.close();
  }
}
