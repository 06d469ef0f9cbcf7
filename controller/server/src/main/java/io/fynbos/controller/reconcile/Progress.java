package io.fynbos.controller.reconcile;

import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.report.AppliedReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * What the hosts have applied, for whoever asks or waits, on any thread. The fleet writes it,
 * others read it.
 */
public final class Progress {

  /** Waiters at once; one more gets its answer without waiting. */
  public static final int WAITERS_MAX = 20_000;

  private final NavigableMap<Revision, Set<Waiter>> waiters = new TreeMap<>();
  private volatile Known known = new Known(Revision.NONE, Collections.emptySortedMap());
  private int waiting;

  /** The newest revision that the fleet has heard of, and the hosts as of then. */
  private record Known(Revision newest, SortedMap<HostName, HostStatus> hosts) {}

  /** The hosts as they are now, by name. */
  public SortedMap<HostName, HostStatus> hosts() {
    return known.hosts();
  }

  public Optional<HostStatus> host(HostName name) {
    return Optional.ofNullable(hosts().get(name));
  }

  /** Where a revision stands now. */
  public AppliedReport applied(Revision revision) {
    Known now = known;
    AppliedReport report =
        AppliedReport.of(
            revision, now.hosts().values().stream().map(HostStatus::progress).toList());
    boolean heard = revision.compareTo(now.newest()) <= 0;
    return heard
        ? report
        : new AppliedReport(
            revision, false, report.waitingFor(), report.unreachable(), report.fenced());
  }

  /** Somebody who waits for a revision. */
  public static final class Waiter {
    private final Revision revision;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private Waiter(Revision revision) {
      this.revision = revision;
    }

    /** Completes once every host has applied the revision; whoever waits may complete it too. */
    public CompletableFuture<Void> done() {
      return done;
    }
  }

  /** Begins to wait for a revision. Whoever stops waiting says so with {@link #forget}. */
  public Waiter await(Revision revision) {
    Waiter waiter = new Waiter(revision);
    synchronized (waiters) {
      if (applied(revision).applied() || waiting >= WAITERS_MAX) {
        waiter.done.complete(null);
      } else {
        waiters.computeIfAbsent(revision, none -> new HashSet<>()).add(waiter);
        waiting++;
      }
    }
    return waiter;
  }

  /** Takes a waiter away. */
  public void forget(Waiter waiter) {
    synchronized (waiters) {
      Set<Waiter> same = waiters.get(waiter.revision);
      if (same != null && same.remove(waiter)) {
        waiting--;
        if (same.isEmpty()) {
          waiters.remove(waiter.revision);
        }
      }
    }
  }

  /** How many wait now. */
  public int waiting() {
    synchronized (waiters) {
      return waiting;
    }
  }

  void update(Revision newest, Collection<HostStatus> statuses) {
    SortedMap<HostName, HostStatus> next = new TreeMap<>();
    statuses.forEach(status -> next.put(status.host(), status));
    List<Waiter> ready = new ArrayList<>();
    synchronized (waiters) {
      known = new Known(newest, Collections.unmodifiableSortedMap(next));
      while (!waiters.isEmpty() && applied(waiters.firstKey()).applied()) {
        Set<Waiter> same = waiters.pollFirstEntry().getValue();
        waiting -= same.size();
        ready.addAll(same);
      }
    }
    ready.forEach(waiter -> waiter.done.complete(null));
  }
}
