package io.fynbos.controller.core;

import io.fynbos.controller.store.Commit;
import io.fynbos.controller.store.Store;
import io.fynbos.controller.store.StoreException;
import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.decide.Decider;
import io.fynbos.policy.decide.Decision;
import io.fynbos.policy.decide.Ids;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event thread that owns the state. Commands are decided one after the other; those that wait
 * together share one sync of the disk, each under its own revision. A command is answered only
 * after its changes are durable and published.
 */
public final class Controller implements AutoCloseable {

  /** Tells how the event thread is doing. */
  public interface Gauges {
    /** A batch of commits has become durable. */
    void committed(int commits, long nanos);

    /** A command has been answered. */
    void answered(String outcome);
  }

  /** Commands that may wait; one more is answered with {@link ControllerBusy}. */
  public static final int QUEUE_COMMANDS_MAX = 1_024;

  private static final int BATCH_COMMANDS_MAX = 64;
  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

  private final Store store;
  private final Ids ids;
  private final Gauges gauges;
  private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(QUEUE_COMMANDS_MAX);
  private final Deque<Task> followUps = new ArrayDeque<>();
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
  private final Reports reports = new Reports();
  private final Thread thread = new Thread(this::run, "controller");
  private volatile Image image;
  private volatile boolean open = true;
  private volatile boolean storeWorks = true;

  /** Decides what to change in an image; runs on the event thread. */
  private interface Proposal {
    Verdict on(Image image);
  }

  /** What a proposal came to: changes to commit, or an outcome without any. */
  private record Verdict(List<Change> changes, Optional<Outcome> instead) {
    static Verdict of(Decision decision) {
      if (decision instanceof Decision.Accepted accepted) {
        return new Verdict(accepted.changes(), Optional.empty());
      }
      Decision.Refused refused = (Decision.Refused) decision;
      return new Verdict(
          List.of(), Optional.of(new Outcome.Refused(refused.refusal(), refused.edit())));
    }
  }

  private record Task(Proposal proposal, CompletableFuture<Outcome> answer) {}

  private record Settled(Task task, Outcome outcome) {}

  public Controller(Store store, Ids ids, Gauges gauges) {
    this.store = store;
    this.ids = ids;
    this.gauges = gauges;
    this.image = store.read();
  }

  /** Begins to take commands. Subscribers are added before. */
  public void start() {
    thread.start();
  }

  /** The newest image that is durable. */
  public Image image() {
    return image;
  }

  /** Whether the last commit reached the disk. */
  public boolean storeWorks() {
    return storeWorks && open;
  }

  /** How many commands wait. */
  public int queued() {
    return queue.size();
  }

  /** Adds a subscriber that hears of all publications from now on. */
  public void subscribe(Subscriber subscriber) {
    subscribers.add(subscriber);
  }

  /**
   * Decides and commits a command. The future fails with {@link ControllerBusy} when too many wait,
   * with {@link StoreException} when the disk fails; in both cases nothing has been acknowledged.
   */
  public CompletableFuture<Outcome> submit(Command command) {
    return submit(new Task(now -> decide(now, command), new CompletableFuture<>()));
  }

  /**
   * Takes a host's report of its interfaces, binds the endpoints that it may have and unbinds those
   * that it no longer has. Interfaces that no endpoint has are remembered and bound once one does.
   *
   * @param complete whether the report names all interfaces of the host
   */
  public CompletableFuture<Outcome> attach(
      HostName host, Collection<Attachment> interfaces, boolean complete) {
    List<Attachment> copy = List.copyOf(interfaces);
    return submit(
        new Task(
            now -> {
              if (now.hosts().containsKey(host)) {
                reports.report(host, copy, complete);
              }
              return decide(now, reports.command(host));
            },
            new CompletableFuture<>()));
  }

  private CompletableFuture<Outcome> submit(Task task) {
    if (!open || !queue.offer(task)) {
      gauges.answered("busy");
      return CompletableFuture.failedFuture(
          new ControllerBusy(
              open
                  ? "the controller has " + QUEUE_COMMANDS_MAX + " commands waiting; try again"
                  : "the controller is closing"));
    }
    return task.answer();
  }

  private Verdict decide(Image now, Command command) {
    return Verdict.of(Decider.decide(now, command, ids));
  }

  private void run() {
    while (open) {
      List<Task> batch = new ArrayList<>();
      try {
        while (!followUps.isEmpty() && batch.size() < BATCH_COMMANDS_MAX) {
          batch.add(followUps.remove());
        }
        if (batch.isEmpty()) {
          batch.add(queue.take());
        }
        queue.drainTo(batch, BATCH_COMMANDS_MAX - batch.size());
        process(batch);
      } catch (InterruptedException e) {
        break;
      } catch (RuntimeException e) {
        LOG.error("event=batch-failed commands={}", batch.size(), e);
        batch.forEach(task -> task.answer().completeExceptionally(e));
      }
    }
    ControllerBusy closing = new ControllerBusy("the controller is closing");
    queue.forEach(task -> task.answer().completeExceptionally(closing));
  }

  private void process(List<Task> batch) {
    Image before = image;
    Image working = before;
    List<Commit> commits = new ArrayList<>();
    List<Settled> settled = new ArrayList<>();
    for (Task task : batch) {
      try {
        Verdict verdict = task.proposal().on(working);
        Image next = working;
        if (!verdict.changes().isEmpty()) {
          Commit commit = new Commit(working.revision().next(), verdict.changes());
          next = working.apply(commit.changes(), commit.revision());
          commits.add(commit);
        }
        Outcome done = new Outcome.Done(working, next);
        settled.add(new Settled(task, verdict.instead().orElse(done)));
        working = next;
      } catch (RuntimeException e) {
        LOG.error("event=command-failed revision={}", working.revision(), e);
        task.answer().completeExceptionally(e);
      }
    }
    if (!commits.isEmpty() && !commit(before, commits, settled)) {
      return;
    }
    image = working;
    if (!commits.isEmpty()) {
      publish(new Publication(before, working, commits));
    }
    for (Settled one : settled) {
      gauges.answered(one.outcome().word());
      one.task().answer().complete(one.outcome());
    }
  }

  private boolean commit(Image before, List<Commit> commits, List<Settled> settled) {
    long begin = System.nanoTime();
    try {
      store.commit(before.revision(), commits);
      gauges.committed(commits.size(), System.nanoTime() - begin);
      storeWorks = true;
      return true;
    } catch (StoreException e) {
      storeWorks = false;
      LOG.error(
          "event=commit-failed revision={} commits={} error=\"{}\"",
          before.revision(),
          commits.size(),
          e.getMessage());
      for (Settled one : settled) {
        gauges.answered("store-failed");
        one.task().answer().completeExceptionally(e);
      }
      catchUp(before);
      return false;
    }
  }

  /** After a failed commit the store may hold more than was acknowledged: its word counts. */
  private void catchUp(Image before) {
    try {
      if (store.head().equals(before.revision())) {
        return;
      }
      List<Commit> missed = store.after(before.revision(), Integer.MAX_VALUE);
      Image after = store.read();
      image = after;
      publish(new Publication(before, after, missed));
    } catch (StoreException e) {
      LOG.error("event=store-unreadable error=\"{}\"", e.getMessage());
    }
  }

  private void publish(Publication publication) {
    for (Subscriber subscriber : subscribers) {
      try {
        subscriber.published(publication);
      } catch (RuntimeException e) {
        LOG.error("event=subscriber-failed revision={}", publication.after().revision(), e);
      }
    }
    SortedSet<HostName> affected = reports.affected(publication);
    for (HostName host : affected) {
      followUps.add(new Task(now -> decide(now, reports.command(host)), new CompletableFuture<>()));
    }
  }

  /** Stops taking commands, finishes the batch at hand and closes the store. */
  @Override
  public void close() {
    open = false;
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
  }
}
