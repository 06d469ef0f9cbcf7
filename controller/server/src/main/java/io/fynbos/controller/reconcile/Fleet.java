package io.fynbos.controller.reconcile;

import io.fynbos.controller.compile.Delta;
import io.fynbos.controller.core.Publication;
import io.fynbos.controller.core.Subscriber;
import io.fynbos.openflow.session.SwitchListener;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All switches. Takes each publication of the controller to every host's switch, in the order that
 * keeps traffic whole, and tells {@link Progress} how far they are.
 */
public final class Fleet
    implements Subscriber, SwitchListener, Orders.Presence, HostSwitch.Surroundings, AutoCloseable {

  /**
   * How the fleet paces itself.
   *
   * @param readBackEvery how often each switch is read back and repaired
   * @param stepMax how long receivers may take to learn an identity before senders use it anyway
   */
  public record Pace(Duration readBackEvery, Duration stepMax) {
    public static final Pace DEFAULT = new Pace(Duration.ofSeconds(30), Duration.ofSeconds(1));
  }

  /** Sessions of datapaths that no host has; one more is closed. */
  static final int STRANGERS_MAX = 1_024;

  private static final Duration COUNT_MAX = Duration.ofSeconds(2);
  private static final Duration RELEASE_AGAIN = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

  private final TableCompiler compiler;
  private final FleetGauges gauges;
  private final FlowCounts counts;
  private final Pace pace;
  private final long generation;
  private final Progress progress = new Progress();
  private final Orders orders = new Orders();
  private final Function<Revision, CompletableFuture<?>> release;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "fleet"));

  private final SortedMap<HostName, HostSwitch> hosts = new TreeMap<>();
  private final Map<Long, SwitchSession> strangers = new LinkedHashMap<>();
  private final List<Change> backlog = new ArrayList<>();
  private Image newest;
  private Image goal;
  private Optional<Image> step = Optional.empty();
  private Revision released = Revision.NONE;
  private boolean moved;

  /**
   * A fleet at an image, without sessions.
   *
   * @param counts takes what flows of rules have counted, on the fleet's thread
   * @param generation of this run's role requests: larger than that of any run before
   * @param release asks the controller to release the numbers that rest since a revision
   */
  public Fleet(
      Image image,
      TableCompiler compiler,
      FleetGauges gauges,
      FlowCounts counts,
      Pace pace,
      long generation,
      Function<Revision, CompletableFuture<?>> release) {
    this.newest = image;
    this.goal = image;
    this.compiler = compiler;
    this.gauges = gauges;
    this.counts = counts;
    this.pace = pace;
    this.generation = generation;
    this.release = release;
    orders.tell(this);
    run(this::placeHosts);
    long everyMillis = pace.readBackEvery().toMillis();
    var unused =
        thread.scheduleAtFixedRate(
            guarded(() -> hosts.values().forEach(HostSwitch::readBackSoon)),
            everyMillis,
            everyMillis,
            TimeUnit.MILLISECONDS);
  }

  public Progress progress() {
    return progress;
  }

  /** An agent says that its host's caches are in step with a revision. */
  public void validated(HostName host, Revision revision) {
    run(() -> Optional.ofNullable(hosts.get(host)).ifPresent(found -> found.validated(revision)));
  }

  // --- the image --------------------------------------------------------------------------------

  @Override
  public void published(Publication publication) {
    run(
        () -> {
          newest = publication.after();
          backlog.addAll(publication.changes());
          if (publication.changes().stream().anyMatch(Fleet::aboutHosts)) {
            placeHosts();
          }
          tellProgress();
          if (step.isEmpty()) {
            begin();
          }
        });
  }

  /** Takes everything that has gathered to the hosts, by way of a step where the order matters. */
  private void begin() {
    if (backlog.isEmpty()) {
      return;
    }
    Image before = goal;
    List<Change> changes = List.copyOf(backlog);
    Rollout rollout = Rollout.of(before, newest, changes);
    if (rollout.first().isEmpty()) {
      backlog.clear();
      aim(before, newest, changes, false);
      return;
    }
    Image between = before.apply(rollout.first(), before.revision());
    step = Optional.of(between);
    aim(before, between, rollout.first(), true);
    later(pace.stepMax(), () -> finishStep(between));
    endStepWhenDone();
  }

  private void aim(Image before, Image after, List<Change> changes, boolean isStep) {
    goal = after;
    Map<HostName, Delta> deltas = Map.of();
    boolean whole = false;
    try {
      deltas = hosts.isEmpty() ? deltas : compiler.deltas(before, after, changes);
    } catch (RuntimeException e) {
      LOG.error(
          "event=delta-failed revision={} hint=\"all switches are read\"", after.revision(), e);
      whole = true;
    }
    for (HostSwitch host : List.copyOf(hosts.values())) {
      if (whole) {
        host.distrust();
      }
      host.aim(after, deltas.getOrDefault(host.name(), Delta.NONE), isStep);
    }
    moved = true;
  }

  private void endStepWhenDone() {
    step.ifPresent(
        image -> {
          boolean done =
              hosts.values().stream().noneMatch(host -> host.reachable() && !host.holds(image));
          if (done) {
            finishStep(image);
          }
        });
  }

  private void finishStep(Image image) {
    if (step.filter(current -> isSame(current, image)).isPresent()) {
      step = Optional.empty();
      List<Change> changes = List.copyOf(backlog);
      backlog.clear();
      aim(image, newest, changes, false);
    }
  }

  /** Images of one step are the same object, and comparing their contents would take long. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isSame(Image one, Image other) {
    return one == other;
  }

  private static boolean aboutHosts(Change change) {
    return change instanceof Change.HostPut || change instanceof Change.HostDeleted;
  }

  // --- hosts and sessions -----------------------------------------------------------------------

  /** Makes the switches those of the image's hosts, and matches sessions to them. */
  private void placeHosts() {
    for (HostSwitch host : List.copyOf(hosts.values())) {
      Optional<Host> expected = newest.host(host.name());
      boolean other =
          expected.isEmpty()
              || host.session()
                  .filter(s -> s.datapathId() != expected.get().datapathId())
                  .isPresent();
      if (other) {
        host.release().ifPresent(this::stranger);
      }
      if (expected.isEmpty()) {
        hosts.remove(host.name());
      }
    }
    for (Versioned<Host> host : newest.hosts().values()) {
      hosts.computeIfAbsent(host.value().name(), this::placed);
      SwitchSession waiting = strangers.remove(host.value().datapathId());
      if (waiting != null) {
        hosts.get(host.value().name()).attach(waiting);
      }
      orders.neighbours(host.value().name(), neighbours(host.value().name()));
    }
    moved = true;
  }

  private HostSwitch placed(HostName name) {
    HostSwitch host = new HostSwitch(name, goal, this);
    host.agentPresent(orders.present(name));
    return host;
  }

  private List<IpAddress> neighbours(HostName self) {
    return newest.hosts().values().stream()
        .map(Versioned::value)
        .filter(host -> !host.name().equals(self))
        .map(Host::underlay)
        .sorted()
        .toList();
  }

  private void stranger(SwitchSession session) {
    if (strangers.size() >= STRANGERS_MAX) {
      LOG.warn("event=stranger-refused datapath={}", Long.toHexString(session.datapathId()));
      session.close();
      return;
    }
    LOG.warn(
        "event=unknown-datapath datapath={} remote={} hint=\"no host is registered with it yet\"",
        Long.toHexString(session.datapathId()),
        session.remote());
    Optional.ofNullable(strangers.put(session.datapathId(), session))
        .filter(before -> before != session)
        .ifPresent(SwitchSession::close);
  }

  @Override
  public void connected(SwitchSession session) {
    run(
        () -> {
          Optional<HostSwitch> host =
              newest
                  .hostWithDatapath(session.datapathId())
                  .flatMap(found -> Optional.ofNullable(hosts.get(found.name())));
          host.ifPresentOrElse(found -> found.attach(session), () -> stranger(session));
        });
  }

  @Override
  public void disconnected(SwitchSession session, Throwable cause) {
    run(
        () -> {
          strangers.remove(session.datapathId(), session);
          String text = String.valueOf(cause.getMessage());
          hosts.values().forEach(host -> host.detach(session, text));
        });
  }

  @Override
  public void agentPresent(HostName host, boolean present) {
    run(() -> Optional.ofNullable(hosts.get(host)).ifPresent(f -> f.agentPresent(present)));
  }

  // --- what the switches need -------------------------------------------------------------------

  @Override
  public TableCompiler compiler() {
    return compiler;
  }

  @Override
  public FleetGauges gauges() {
    return gauges;
  }

  @Override
  public FlowCounts counts() {
    return counts;
  }

  /**
   * Has the rules' counts read on some hosts; completes, with the hosts that could not be read,
   * when they are known as of a second ago at most.
   */
  public CompletableFuture<SortedSet<HostName>> countRules(Collection<HostName> wanted) {
    CompletableFuture<SortedSet<HostName>> done = new CompletableFuture<>();
    run(
        () -> {
          SortedSet<HostName> unread = Collections.synchronizedSortedSet(new TreeSet<>());
          List<CompletableFuture<Void>> reads = new ArrayList<>();
          for (HostName name : wanted) {
            CompletableFuture<Void> read =
                Optional.ofNullable(hosts.get(name))
                    .map(HostSwitch::countRules)
                    .orElseGet(() -> CompletableFuture.failedFuture(new Unanswered("no host")));
            reads.add(
                read.copy()
                    .orTimeout(COUNT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(
                        failure -> {
                          unread.add(name);
                          return null;
                        }));
          }
          var unused =
              CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
                  .thenRun(() -> done.complete(new TreeSet<>(unread)));
        });
    return done;
  }

  /** What the agents are asked; agents' streams follow it. */
  @Override
  public Orders orders() {
    return orders;
  }

  @Override
  public long generation() {
    return generation;
  }

  @Override
  public <T> void await(
      CompletableFuture<T> future, BiConsumer<Optional<T>, Optional<Throwable>> then) {
    var unused =
        future.whenComplete(
            (value, failure) ->
                run(() -> then.accept(Optional.ofNullable(value), Optional.ofNullable(failure))));
  }

  @Override
  public void later(Duration delay, Runnable task) {
    var unused = thread.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void moved(HostSwitch host) {
    moved = true;
  }

  private void run(Runnable task) {
    try {
      thread.execute(guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("event=fleet-closed");
    }
  }

  /** Runs a task, then tells what it moved. A fault in one task does not end the thread. */
  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
        if (moved) {
          moved = false;
          tell();
        }
      } catch (RuntimeException | Error e) {
        // The executor would swallow it.
        LOG.error("event=fleet-task-failed", e);
      }
    };
  }

  private void tell() {
    endStepWhenDone();
    tellProgress();
    releaseNumbers();
  }

  private void tellProgress() {
    progress.update(newest.revision(), hosts.values().stream().map(HostSwitch::status).toList());
  }

  /** Numbers that rest are free once every host has applied the revision that retired them. */
  private void releaseNumbers() {
    Revision everywhere =
        hosts.values().stream()
            .map(host -> host.status().applied())
            .min(Revision::compareTo)
            .orElse(newest.revision());
    boolean due =
        Stream.of(
                newest.restingIdentities().values(),
                newest.restingPolicyNumbers().values(),
                newest.restingUniverseNumbers().values())
            .flatMap(java.util.Collection::stream)
            .anyMatch(since -> since.compareTo(everywhere) <= 0);
    if (due && everywhere.compareTo(released) > 0) {
      released = everywhere;
      await(
          release.apply(everywhere),
          (done, failure) ->
              failure.ifPresent(cause -> later(RELEASE_AGAIN, () -> released = Revision.NONE)));
    }
  }

  /** Stops; sessions end with their server. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
