package io.fynbos.agent.local;

import io.fynbos.agent.bringup.Wanted;
import io.fynbos.agent.event.Backoff;
import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.keeper.FlowKeeper;
import io.fynbos.agent.slowpath.SlowPath;
import io.fynbos.agent.unixctl.ControlSocket;
import io.fynbos.openflow.session.OpenFlowClient;
import io.fynbos.openflow.session.OpenFlowRefused;
import io.fynbos.openflow.session.SessionLimits;
import io.fynbos.openflow.session.SwitchListener;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.PacketIn;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the switch through its management socket: finds it, lets a waiting one go and at once
 * gives it its flows back, installs the agent's own. From then on it runs, and may meet its
 * controller, until its process ends and everything begins again with the next one. All methods on
 * the event thread.
 */
public final class LocalSwitch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSwitch.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(10);
  private static final Duration RETRY_MOST = Duration.ofMillis(100);
  private static final Duration ASK_AGAIN = Duration.ofMillis(20);
  private static final Duration OWN_FLOWS = Duration.ofSeconds(5);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** Flows that the switch refuses to take back are left out one by one, up to so many. */
  private static final int REFUSALS_MAX = 64;

  /** The smallest Open vSwitch takes: guests may send fragments smaller than its default. */
  private static final String FRAGMENT_BYTES_MIN = "400";

  /** The top byte of the cookies of the controller's flows. */
  private static final int CONTROLLER_COOKIE = 0x01;

  /** What the switch is doing, as far as the agent knows. */
  public enum State {
    /** There is none, or it does not answer. */
    AWAY,
    /** It has been found; nothing is forwarded if it has just started. */
    FOUND,
    /** It forwards. */
    RUNNING
  }

  /** What the agent knows from elsewhere, and whom to tell. */
  public interface Host {
    /** Whether the database has been seen, so that ports can be told apart. */
    boolean databaseSeen();

    /** Whether the switch says that a controller is connected to it. */
    boolean controllerConnected();

    /** There is a switch; whether it forwards is not known yet. */
    void switchFound();

    /** A switch runs: it was let go just now, or had been before the agent looked. */
    void switchRuns(SwitchSession session);

    /** The switch's process is gone. */
    void switchLost();
  }

  private final OpenFlowClient client;
  private final Path socket;
  private final ControlSocket control;
  private final RestoreWait restoreWait;
  private final FlowKeeper keeper;
  private final SlowPath slowPath;
  private final EventThread events;
  private final Host host;
  private final Backoff backoff;
  private State state = State.AWAY;
  private Optional<SwitchSession> session = Optional.empty();
  private long lostNanos = System.nanoTime();
  private long foundNanos;
  private int restored;
  private boolean closed;

  /** Looks for sockets in {@code directory}, once it is started. */
  public LocalSwitch(
      OpenFlowClient client,
      Path directory,
      ControlSocket control,
      RestoreWait restoreWait,
      FlowKeeper keeper,
      SlowPath slowPath,
      EventThread events,
      Host host) {
    this.client = client;
    this.socket = directory.resolve(Wanted.BRIDGE + ".mgmt");
    this.control = control;
    this.restoreWait = restoreWait;
    this.keeper = keeper;
    this.slowPath = slowPath;
    this.events = events;
    this.host = host;
    this.backoff = events.backoff(RETRY_FIRST, RETRY_MOST);
  }

  /** Begins to look for the switch. */
  public void start() {
    connect();
  }

  /** What the switch is doing. */
  public State state() {
    return state;
  }

  /** The session, while the switch runs. */
  public Optional<SwitchSession> running() {
    return state == State.RUNNING ? session : Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
    session.ifPresent(SwitchSession::close);
  }

  private void connect() {
    if (closed) {
      return;
    }
    if (!Files.exists(socket) || !host.databaseSeen()) {
      connectLater();
      return;
    }
    events.when(
        client.connect(
            UnixDomainSocketAddress.of(socket),
            SlowPath.CONTROLLER_ID,
            SessionLimits.DEFAULT,
            new Ears()),
        this::found,
        failure -> connectLater());
  }

  private void connectLater() {
    events.later(backoff.next(), this::connect);
  }

  private void found(SwitchSession found) {
    if (!found.open()) {
      connectLater();
      return;
    }
    session = Optional.of(found);
    state = State.FOUND;
    foundNanos = System.nanoTime();
    restored = 0;
    backoff.reset();
    LOG.info("event=switch-found datapath-id={}", "%016x".formatted(found.datapathId()));
    setUpFragments();
    host.switchFound();
    examine(found);
  }

  /**
   * Whether it waits for its flows: a switch that does has not started the threads that forward.
   */
  private void examine(SwitchSession found) {
    if (!isCurrent(found)) {
      return;
    }
    events.when(
        control.run(LIMIT, "upcall/show"),
        text -> {
          if (!text.contains("dump duration")) {
            events.later(ASK_AGAIN, () -> examine(found));
          } else if (text.contains("(keys ")) {
            alreadyForwards(found);
          } else {
            restore(found);
          }
        },
        failure -> events.later(ASK_AGAIN, () -> examine(found)));
  }

  /**
   * It runs since before the agent looked. If it is empty all the same, and no controller is there
   * to fill it, it was restarted in the moment in which the setting was off.
   */
  private void alreadyForwards(SwitchSession found) {
    events.when(
        found.flows(),
        flows -> {
          boolean empty = flows.stream().noneMatch(LocalSwitch::controllers);
          if (empty && !host.controllerConnected()) {
            restore(found);
          } else {
            installOwn(found, () -> runs(found));
          }
        },
        failure -> giveUp(found, failure));
  }

  private void restore(SwitchSession found) {
    if (!isCurrent(found)) {
      return;
    }
    events.when(
        found.ports(),
        ports -> {
          List<Mod> mods = keeper.kept().restoration(keeper.owners(ports));
          release(found, () -> putBack(found, mods, REFUSALS_MAX));
        },
        failure -> giveUp(found, failure));
  }

  private void putBack(SwitchSession found, List<Mod> mods, int refusalsLeft) {
    if (mods.isEmpty()) {
      installOwn(found, () -> runs(found));
      return;
    }
    events.when(
        found.bundle(mods),
        done -> {
          restored = mods.size();
          installOwn(found, () -> runs(found));
        },
        failure -> {
          Optional<Mod> refused = refused(failure);
          if (refused.isPresent() && refusalsLeft > 0) {
            LOG.error("event=flow-not-restored reason=\"{}\"", failure.getMessage());
            List<Mod> rest = new ArrayList<>(mods);
            rest.remove(refused.get());
            putBack(found, rest, refusalsLeft - 1);
          } else {
            giveUp(found, failure);
          }
        });
  }

  private static Optional<Mod> refused(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof OpenFlowRefused refusal ? refusal.mod() : Optional.empty();
  }

  private void installOwn(SwitchSession found, Runnable then) {
    if (!isCurrent(found)) {
      return;
    }
    slowPath.meters().forEach(found::send);
    events.when(
        found.bundle(slowPath.flows()), done -> then.run(), failure -> giveUp(found, failure));
  }

  private void release(SwitchSession found, Runnable then) {
    if (isCurrent(found)) {
      restoreWait.release(
          () -> {
            if (isCurrent(found)) {
              then.run();
            }
          });
    }
  }

  private void runs(SwitchSession found) {
    if (!isCurrent(found)) {
      return;
    }
    state = State.RUNNING;
    long now = System.nanoTime();
    LOG.info(
        "event=switch-runs restored={} restore-millis={} away-millis={}",
        restored,
        (now - foundNanos) / 1_000_000,
        (now - lostNanos) / 1_000_000);
    events.when(
        found.flows(),
        flows -> {
          // An empty switch is never worth keeping in place of what was applied.
          if (isCurrent(found) && flows.stream().anyMatch(LocalSwitch::controllers)) {
            keeper.keep(found);
          }
        },
        failure -> LOG.debug("event=read-back-failed reason=\"{}\"", failure.toString()));
    host.switchRuns(found);
    events.later(OWN_FLOWS, () -> checkOwn(found));
  }

  /** Whoever empties the bridge empties the agent's tables too. */
  private void checkOwn(SwitchSession found) {
    if (!isCurrent(found)) {
      return;
    }
    events.when(
        slowPath.installed(found),
        installed -> {
          if (installed) {
            events.later(OWN_FLOWS, () -> checkOwn(found));
          } else {
            LOG.warn("event=own-flows-gone");
            installOwn(found, () -> checkOwn(found));
          }
        },
        failure -> giveUp(found, failure));
  }

  private static boolean controllers(FlowStats stats) {
    return stats.flow().cookie() >>> 56 == CONTROLLER_COOKIE;
  }

  private void setUpFragments() {
    for (String family : List.of("v4", "v6")) {
      events.when(
          control.run(LIMIT, "dpctl/ipf-set-min-frag", family, FRAGMENT_BYTES_MIN),
          text -> {},
          failure -> LOG.info("event=fragments-not-set reason=\"{}\"", failure.getMessage()));
    }
  }

  /** Something that should work did not: begin again with a new session. */
  private void giveUp(SwitchSession found, Throwable failure) {
    if (isCurrent(found)) {
      LOG.warn("event=switch-not-set-up reason=\"{}\"", failure.toString());
      found.close();
    }
  }

  private boolean isCurrent(SwitchSession found) {
    return session.isPresent() && session.get() == found;
  }

  private void lost(SwitchSession gone, Throwable cause) {
    if (!isCurrent(gone)) {
      return;
    }
    LOG.warn("event=switch-lost reason=\"{}\"", cause.getMessage());
    boolean ran = state == State.RUNNING;
    session = Optional.empty();
    state = State.AWAY;
    lostNanos = System.nanoTime();
    restoreWait.keep();
    keeper.switchLost();
    if (ran) {
      host.switchLost();
    }
    connect();
  }

  /** Hears of one session on its own thread. */
  private final class Ears implements SwitchListener {
    @Override
    public void disconnected(SwitchSession gone, Throwable cause) {
      events.execute(() -> lost(gone, cause));
    }

    @Override
    public void packetIn(SwitchSession from, PacketIn packet) {
      slowPath.packetIn(from, packet);
    }

    @Override
    public void refused(SwitchSession by, OpenFlowRefused refused) {
      if (refused.mod().filter(Mod.MeterAdd.class::isInstance).isEmpty()) {
        LOG.warn("event=refused reason=\"{}\"", refused.getMessage());
      }
    }
  }
}
