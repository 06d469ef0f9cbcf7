package io.fynbos.agent;

import io.fynbos.agent.ask.Questions;
import io.fynbos.agent.binding.Attached;
import io.fynbos.agent.bringup.BringUp;
import io.fynbos.agent.bringup.Wanted;
import io.fynbos.agent.claim.Claims;
import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.flowlog.FlowLog;
import io.fynbos.agent.keeper.FlowFile;
import io.fynbos.agent.keeper.FlowKeeper;
import io.fynbos.agent.link.BindingReport;
import io.fynbos.agent.link.ControllerApi;
import io.fynbos.agent.link.ControllerLink;
import io.fynbos.agent.link.Order;
import io.fynbos.agent.local.LocalSwitch;
import io.fynbos.agent.local.RestoreWait;
import io.fynbos.agent.neighbour.Neighbours;
import io.fynbos.agent.neighbour.UdpProbe;
import io.fynbos.agent.ovsdb.Operation;
import io.fynbos.agent.ovsdb.OvsdbClient;
import io.fynbos.agent.ovsdb.Replica;
import io.fynbos.agent.ovsdb.Row;
import io.fynbos.agent.revalidate.Applied;
import io.fynbos.agent.revalidate.Revalidation;
import io.fynbos.agent.revalidate.Zones;
import io.fynbos.agent.slowpath.SlowPath;
import io.fynbos.agent.unixctl.ControlSocket;
import io.fynbos.openflow.session.OpenFlowClient;
import io.fynbos.openflow.session.SwitchSession;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One host's agent, put together: the database, the switch and the controller each come and go as
 * they like, each is followed by a concern of its own, and this class tells them of one another.
 * All state is owned by the event thread.
 */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final Path KERNEL_NEIGHBOURS = Path.of("/proc/net/arp");
  private static final Duration RETRY = Duration.ofMillis(200);

  private final Wanted wanted;
  private final EventThread events;
  private final EventLoopGroup loop;
  private final ExecutorService workers;
  private final OpenFlowClient openFlow = new OpenFlowClient();
  private final UdpProbe probe;
  private final OvsdbClient database;
  private final RestoreWait restoreWait;
  private final FlowKeeper keeper;
  private final SlowPath slowPath;
  private final FlowLog flowLog;
  private final Claims claims;
  private final Questions questions;
  private final LocalSwitch localSwitch;
  private final ControllerLink link;
  private final BindingReport bindings;
  private final Neighbours neighbours;
  private final Applied applied;
  private final StatusFile statusFile;
  private Optional<Replica> replica = Optional.empty();
  private boolean bringingUp;

  /** Puts the agent together; it does nothing before {@link #start}. */
  public Agent(Settings settings) throws IOException {
    long datapathId = Wanted.datapathId(settings.host());
    wanted = new Wanted(datapathId, settings.openFlow(), settings.datapathType());
    events = new EventThread("agent", new Random());
    loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("agent-io", true), NioIoHandler.newFactory());
    workers = Executors.newFixedThreadPool(2, new DefaultThreadFactory("agent-worker", true));
    probe = new UdpProbe();
    ControlSocket control =
        new ControlSocket(loop, settings.runDirectory(), "ovs-vswitchd", events);
    database = new OvsdbClient(loop, settings.database(), events, new DatabaseEars());
    restoreWait = new RestoreWait(database, events);
    keeper = new FlowKeeper(new FlowFile(settings.data()), events, workers, this::ownerOf);
    link =
        new ControllerLink(
            new ControllerApi(settings.controllerApi(), workers),
            settings.host(),
            settings.underlay(),
            wanted.datapathIdText(),
            events,
            System::nanoTime,
            new ControllerEars());
    flowLog = new FlowLog(link, events, InstantSource.system());
    claims = new Claims(link, events, this::endpointAt, System::nanoTime);
    String datapath = settings.datapathType() + "@ovs-" + settings.datapathType();
    questions = new Questions(control, datapath, link, events, System::nanoTime);
    slowPath = new SlowPath(flowLog::packetIn, claims::packetIn);
    localSwitch =
        new LocalSwitch(
            openFlow,
            settings.runDirectory(),
            control,
            restoreWait,
            keeper,
            slowPath,
            events,
            new SwitchHost());
    bindings = new BindingReport(link, events);
    boolean userspace = !settings.datapathType().equals("system");
    neighbours =
        new Neighbours(
            control, events, probe, userspace, settings.underlayBridge(), KERNEL_NEIGHBOURS);
    applied =
        new Applied(
            new Revalidation(
                control,
                events,
                this::touch,
                Duration.ofMillis(Wanted.REVALIDATOR_MILLIS_MAX),
                userspace),
            new Zones(settings.data().resolve("zones"), control, datapath, events, workers),
            link,
            events,
            this::keep);
    statusFile =
        new StatusFile(settings.data().resolve("status.json"), events, workers, this::status);
  }

  private void touch() {
    localSwitch.running().ifPresent(session -> session.send(slowPath.touch()));
  }

  /** Begins to follow the database, the switch and the controller. */
  public void start() {
    events.execute(
        () -> {
          database.start();
          localSwitch.start();
          link.start();
          flowLog.start();
          statusFile.start();
        });
  }

  /** Stops; the switch goes on as it is. */
  @Override
  public void close() {
    events.last(
        () -> {
          link.close();
          localSwitch.close();
          database.close();
        });
    events.close();
    openFlow.close();
    workers.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    try {
      probe.close();
    } catch (IOException e) {
      LOG.warn("event=probe-not-closed reason=\"{}\"", e.getMessage());
    }
  }

  private void bringUp(Replica now) {
    List<Operation> missing = BringUp.missing(now, wanted, localSwitch.running().isPresent());
    if (missing.isEmpty() || bringingUp) {
      return;
    }
    bringingUp = true;
    events.when(
        database.transact(missing),
        done -> {
          LOG.info("event=bridge-brought-up operations={}", missing.size());
          bringingUp = false;
          replica.ifPresent(this::bringUp);
        },
        failure -> {
          LOG.warn("event=bring-up-failed reason=\"{}\"", failure.getMessage());
          events.later(
              RETRY,
              () -> {
                bringingUp = false;
                replica.ifPresent(this::bringUp);
              });
        });
  }

  /** A port's name, with the endpoint it belongs to: another guest's port of that name differs. */
  private String ownerOf(String port) {
    Optional<UUID> endpoint =
        replica.stream()
            .flatMap(now -> now.interfaces().values().stream())
            .filter(candidate -> candidate.name().equals(port))
            .flatMap(candidate -> Attached.endpointId(candidate).stream())
            .findFirst();
    return port + endpoint.map(id -> " " + id).orElse("");
  }

  /** Whose guest's port of the integration bridge a number is. */
  private Optional<UUID> endpointAt(int port) {
    return replica.stream()
        .flatMap(now -> Attached.of(now).values().stream())
        .filter(attached -> attached.ofport() == port)
        .map(Attached::id)
        .findFirst();
  }

  private void keep() {
    localSwitch.running().ifPresent(keeper::keep);
  }

  private Status status() {
    return new Status(
        database.ready(),
        localSwitch.state(),
        link.isUp(),
        applied.revision(),
        bindings.size(),
        bindings.upToDate(),
        keeper.count(),
        neighbours.size(),
        List.copyOf(neighbours.unresolved()),
        slowPath.answered(),
        slowPath.unanswered(),
        flowLog.told(),
        flowLog.dropped(),
        claims.told(),
        questions.answered(),
        events.faults());
  }

  private final class DatabaseEars implements OvsdbClient.Listener {
    @Override
    public void changed(Replica now) {
      replica = Optional.of(now);
      bringUp(now);
      restoreWait.changed(now);
      bindings.attached(Attached.of(now));
    }

    @Override
    public void lost(String why) {}
  }

  private final class SwitchHost implements LocalSwitch.Host {
    @Override
    public boolean databaseSeen() {
      return replica.isPresent();
    }

    @Override
    public boolean controllerConnected() {
      return replica
          .map(now -> now.controllers().values().stream().anyMatch(Row.Controller::connected))
          .orElse(false);
    }

    @Override
    public void switchFound() {
      neighbours.switchRestarted();
    }

    @Override
    public void switchRuns(SwitchSession session) {
      replica.ifPresent(Agent.this::bringUp);
      applied.switchRuns(true);
      flowLog.switchRuns(session);
    }

    @Override
    public void switchLost() {
      applied.switchRuns(false);
      flowLog.switchLost();
    }
  }

  private final class ControllerEars implements ControllerLink.Listener {
    @Override
    public void up() {
      bindings.linkUp();
      flowLog.linkUp();
      claims.linkUp();
    }

    @Override
    public void down() {
      applied.linkDown();
      questions.linkDown();
    }

    @Override
    public void ordered(Order order) {
      if (order instanceof Order.Revalidate revalidate) {
        applied.order(revalidate);
      } else if (order instanceof Order.Neighbours wantedNeighbours) {
        neighbours.keep(wantedNeighbours.underlays());
      } else if (order instanceof Order.Ask ask) {
        questions.ask(ask.question());
      }
    }
  }
}
