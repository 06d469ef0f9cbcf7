package io.fynbos.controller.reconcile;

import io.fynbos.controller.compile.Delta;
import io.fynbos.controller.compile.SwitchTables;
import io.fynbos.openflow.session.OpenFlowRefused;
import io.fynbos.openflow.session.Role;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.GroupEntry;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointName;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseNumber;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One host's switch: what it holds, what it is to hold, and the one request that is under way
 * between the two. Lives on the fleet's thread.
 *
 * <p>Whatever comes while a bundle is under way waits; the next bundle goes straight to the newest
 * goal.
 */
final class HostSwitch {

  private static final Logger LOG = LoggerFactory.getLogger(HostSwitch.class);
  private static final int FOREIGN_LOGGED_MAX = 20;
  private static final Duration RETRY_FIRST = Duration.ofMillis(500);
  private static final Duration RETRY_MAX = Duration.ofSeconds(60);

  /** No endpoint's name comes after it. */
  private static final EndpointName LAST_NAME = new EndpointName("z".repeat(63));

  /** What a switch needs from the fleet. */
  interface Surroundings {
    TableCompiler compiler();

    FleetGauges gauges();

    FlowCounts counts();

    Orders orders();

    /** The role generation of this controller's run. */
    long generation();

    /** Hands the outcome of a request to the fleet's thread. */
    <T> void await(CompletableFuture<T> future, BiConsumer<Optional<T>, Optional<Throwable>> then);

    /** Runs something on the fleet's thread later. */
    void later(Duration delay, Runnable task);

    /** The host's status may be another one. */
    void moved(HostSwitch host);
  }

  private enum Phase {
    /** There is no session. */
    AWAY,
    /** What the switch holds is being read. */
    READING,
    /** The switch is known to hold the tables of {@code installed}. */
    STEADY,
    /** A bundle is under way. */
    SENDING,
    /** The last request failed; the switch is read again after a while. */
    FAILED
  }

  private final HostName name;
  private final Surroundings fleet;
  private Phase phase = Phase.AWAY;
  private Optional<SwitchSession> session = Optional.empty();
  private Image goal;
  private boolean goalIsStep;
  private Image installed = Image.EMPTY;
  private final Pending pending = new Pending();
  private final RuleCounts counts;
  private boolean compileWhole = true;
  private boolean unvalidated;
  private boolean readBackDue;
  private boolean agent;
  private Revision asked = Revision.NONE;
  private Revision validated = Revision.NONE;
  private Revision applied = Revision.NONE;
  private Optional<String> fault = Optional.empty();
  private Duration retry = RETRY_FIRST;
  private int flows;
  private long request;

  HostSwitch(HostName name, Image goal, Surroundings fleet) {
    this.name = name;
    this.goal = goal;
    this.fleet = fleet;
    this.counts = new RuleCounts(name, fleet);
  }

  HostName name() {
    return name;
  }

  Optional<SwitchSession> session() {
    return session;
  }

  HostStatus status() {
    boolean connected = phase != Phase.AWAY;
    return new HostStatus(name, connected, agent, installed.revision(), applied, flows, fault);
  }

  boolean reachable() {
    return phase == Phase.STEADY || phase == Phase.SENDING;
  }

  /** Whether the switch holds the tables of exactly this image. */
  boolean holds(Image image) {
    return phase == Phase.STEADY && Fleet.isSame(installed, image);
  }

  // --- the session ------------------------------------------------------------------------------

  void attach(SwitchSession next) {
    session.filter(before -> before != next).ifPresent(SwitchSession::close);
    session = Optional.of(next);
    LOG.info(
        "event=switch-connected host={} datapath={} remote={}",
        name,
        Long.toHexString(next.datapathId()),
        next.remote());
    phase = Phase.READING;
    unvalidated = true;
    fleet.await(
        next.role(Role.MASTER, fleet.generation()),
        (done, failure) -> {
          failure.ifPresent(
              f -> LOG.warn("event=role-refused host={} error=\"{}\"", name, f.getMessage()));
          if (isCurrent(next)) {
            readBack();
          }
        });
    fleet.moved(this);
  }

  void detach(SwitchSession gone, String cause) {
    if (!isCurrent(gone)) {
      return;
    }
    LOG.warn("event=switch-disconnected host={} cause=\"{}\"", name, cause);
    session = Optional.empty();
    phase = Phase.AWAY;
    request++;
    compileWhole = true;
    fault = Optional.empty();
    fleet.moved(this);
  }

  /** Gives the session up because the host is gone or has another datapath now. */
  Optional<SwitchSession> release() {
    Optional<SwitchSession> released = session;
    session = Optional.empty();
    phase = Phase.AWAY;
    request++;
    compileWhole = true;
    fleet.moved(this);
    return released;
  }

  private boolean isCurrent(SwitchSession candidate) {
    return session.isPresent() && session.get() == candidate;
  }

  // --- reading back -----------------------------------------------------------------------------

  /** Reads the switch back as soon as nothing is under way. */
  void readBackSoon() {
    readBackDue = true;
    if (phase == Phase.STEADY) {
      readBack();
    }
  }

  private void readBack() {
    SwitchSession now = session.orElseThrow();
    readBackDue = false;
    boolean first = phase == Phase.READING || compileWhole;
    if (first) {
      phase = Phase.READING;
    }
    long mine = ++request;
    record Held(List<FlowStats> flows, List<GroupEntry> groups) {}
    fleet.await(
        now.flows().thenCombine(now.groups(), Held::new),
        (held, failure) -> {
          if (!isCurrent(now) || mine != request) {
            return;
          }
          if (held.isEmpty()) {
            failed("read-back", failure);
            return;
          }
          compare(held.get().flows(), held.get().groups());
        });
  }

  private void compare(List<FlowStats> held, List<GroupEntry> groups) {
    Image target = phase == Phase.READING ? goal : installed;
    SwitchTables wanted = fleet.compiler().full(target, name);
    TableDiff diff = TableDiff.of(held, groups, wanted, fleet.compiler()::owns);
    flows = wanted.flows().size();
    counts.take(target, held);
    fleet.gauges().readBack(diff.missing(), diff.stale(), diff.foreign().size());
    diff.foreign().stream()
        .limit(FOREIGN_LOGGED_MAX)
        .forEach(flow -> LOG.warn("event=foreign-flow-removed host={} flow=\"{}\"", name, flow));
    if (phase == Phase.READING || !diff.mods().isEmpty()) {
      LOG.info(
          "event=read-back host={} revision={} flows={} missing={} stale={} foreign={}",
          name,
          target.revision(),
          held.size(),
          diff.missing(),
          diff.stale(),
          diff.foreign().size());
    }
    compileWhole = false;
    if (Fleet.isSame(target, goal)) {
      pending.clear();
    }
    if (diff.mods().isEmpty()) {
      installed(target);
    } else {
      applied = before(target.revision(), applied);
      send(diff.mods(), target);
    }
  }

  /** A repaired switch has not applied its revision until its caches have followed. */
  private static Revision before(Revision target, Revision applied) {
    boolean claimed = applied.compareTo(target) >= 0 && target.number() > 0;
    return claimed ? new Revision(target.number() - 1) : applied;
  }

  /** Completes when the rules' counts are known, as of a second ago at most. */
  CompletableFuture<Void> countRules() {
    return session.isPresent() && reachable()
        ? counts.fresh(session.get(), installed)
        : CompletableFuture.failedFuture(new Unanswered("its switch is not connected"));
  }

  // --- towards the goal -------------------------------------------------------------------------

  /**
   * Sets the image to reach.
   *
   * @param delta what takes the switch there from the goal before
   * @param step whether the goal is only a step on the way, which no one waits to be applied
   */
  void aim(Image next, Delta delta, boolean step) {
    goal = next;
    goalIsStep = step;
    if (!compileWhole) {
      pending.add(delta);
      compileWhole = pending.full();
    }
    if (phase == Phase.FAILED && !delta.isEmpty()) {
      readBack();
    }
    advance();
  }

  /** What waits is not to be relied on: the next step reads the switch and compares all of it. */
  void distrust() {
    compileWhole = true;
  }

  private void advance() {
    if (phase != Phase.STEADY || Fleet.isSame(installed, goal)) {
      return;
    }
    if (compileWhole) {
      pending.clear();
      readBack();
    } else if (pending.isEmpty()) {
      installed(goal);
    } else {
      counts.beforeChange(session.orElseThrow(), installed, pending.rules());
      send(pending.take(), goal);
    }
  }

  private void send(List<Mod> mods, Image target) {
    SwitchSession now = session.orElseThrow();
    phase = Phase.SENDING;
    unvalidated = true;
    validated = Revision.NONE;
    long mine = ++request;
    long begin = System.nanoTime();
    fleet.await(
        now.bundle(mods),
        (done, failure) -> {
          if (!isCurrent(now) || mine != request) {
            return;
          }
          if (failure.isPresent()) {
            failed("bundle", failure);
            return;
          }
          long nanos = System.nanoTime() - begin;
          fleet.gauges().bundleDone(mods.size(), nanos);
          LOG.debug(
              "event=bundle-done host={} revision={} mods={} micros={}",
              name,
              target.revision(),
              mods.size(),
              nanos / 1_000);
          installed(target);
        });
  }

  private void installed(Image target) {
    installed = target;
    phase = Phase.STEADY;
    fault = Optional.empty();
    retry = RETRY_FIRST;
    boolean passing = goalIsStep && Fleet.isSame(target, goal);
    if (unvalidated && !passing) {
      unvalidated = false;
      asked = target.revision();
      fleet.orders().revalidate(name, asked, universes(target));
    }
    settle();
    fleet.moved(this);
    if (readBackDue) {
      readBack();
    }
    advance();
  }

  /** The numbers of the universes that have an endpoint here, by jumps from one to the next. */
  private SortedSet<UniverseNumber> universes(Image image) {
    SortedSet<UniverseNumber> numbers = new TreeSet<>();
    NavigableSet<EndpointRef> here = image.endpointsOn(name);
    EndpointRef next = here.isEmpty() ? null : here.first();
    while (next != null) {
      numbers.add(image.number(next.universe()));
      next = here.higher(new EndpointRef(next.universe(), LAST_NAME));
    }
    return numbers;
  }

  private void failed(String what, Optional<Throwable> failure) {
    Throwable cause = failure.orElseGet(() -> new IllegalStateException("no answer"));
    phase = Phase.FAILED;
    compileWhole = true;
    String text = explain(cause);
    fault = Optional.of(text);
    LOG.error(
        "event={}-failed host={} revision={} retryMillis={} error=\"{}\"",
        what,
        name,
        goal.revision(),
        retry.toMillis(),
        text);
    long mine = request;
    fleet.later(
        retry,
        () -> {
          if (phase == Phase.FAILED && mine == request) {
            readBack();
          }
        });
    Duration doubled = retry.multipliedBy(2);
    retry = doubled.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : doubled;
    fleet.moved(this);
  }

  private String explain(Throwable cause) {
    if (cause instanceof OpenFlowRefused refused) {
      fleet.gauges().bundleRefused();
      Optional<FlowEntry> flow = refused.mod().flatMap(mod -> Optional.ofNullable(flowOf(mod)));
      if (flow.isPresent()) {
        String origin = fleet.compiler().origin(goal, flow.get());
        return "the switch refuses " + origin + ": " + refused.error() + " for " + flow.get();
      }
    }
    return String.valueOf(cause.getMessage());
  }

  private static @org.jspecify.annotations.Nullable FlowEntry flowOf(Mod mod) {
    if (mod instanceof Mod.FlowAdd add) {
      return add.flow();
    }
    return mod instanceof Mod.FlowModifyStrict modify ? modify.flow() : null;
  }

  // --- the agent --------------------------------------------------------------------------------

  void agentPresent(boolean present) {
    agent = present;
    fleet.moved(this);
  }

  /** The agent says that caches are in step with everything up to a revision. */
  void validated(Revision revision) {
    if (revision.compareTo(validated) > 0) {
      validated = revision;
    }
    settle();
    fleet.moved(this);
  }

  /**
   * Moves the applied revision: all that is installed, once the caches are in step with the last
   * change; else as far as the agent has said.
   */
  private void settle() {
    boolean inStep = !unvalidated && validated.compareTo(asked) >= 0;
    Revision reached = inStep ? installed.revision() : validated;
    boolean possible = reached.compareTo(installed.revision()) <= 0;
    if (possible && reached.compareTo(applied) > 0) {
      applied = reached;
    }
  }
}
