package io.fynbos.controller.api;

import io.fynbos.controller.core.Publication;
import io.fynbos.controller.core.Subscriber;
import io.fynbos.controller.store.Commit;
import io.fynbos.controller.store.Store;
import io.fynbos.policy.model.Revision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Feeds the watching clients. The newest commits are kept in memory; a client that is further
 * behind reads the store's log, on the executor. So a client costs a cursor, however slow it is.
 */
final class WatchHub implements Subscriber {

  /** Commits that are kept in memory. */
  static final int RECENT_MAX = 512;

  /** Clients at once; one more is refused. */
  static final int CLIENTS_MAX = 1_000;

  private static final int CHANGES_PER_CHUNK = 100;
  private static final int COMMITS_PER_READ = 64;

  private final Store store;
  private final Executor executor;
  private final EventStream.Pace pace;
  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
  private final Deque<Commit> recent = new ArrayDeque<>();
  private Revision head;

  WatchHub(Store store, Executor executor, EventStream.Pace pace) {
    this.store = store;
    this.executor = executor;
    this.pace = pace;
    this.head = store.head();
  }

  @Override
  public void published(Publication publication) {
    synchronized (this) {
      recent.addAll(publication.commits());
      while (recent.size() > RECENT_MAX) {
        recent.remove();
      }
      head = publication.after().revision();
    }
    streams.forEach(EventStream::wake);
  }

  int clients() {
    return streams.size();
  }

  /**
   * The stream of what comes after a revision, which is not above the head. Refuses when the log
   * does not go back as far.
   */
  CompletableFuture<EventStream> open(Request request, Revision since) {
    if (streams.size() >= CLIENTS_MAX) {
      throw Problem.of(429, "too-many-watches", "at most " + CLIENTS_MAX + " clients may watch")
          .refused();
    }
    if (remembered(since).isPresent()) {
      return CompletableFuture.completedFuture(begin(request, since));
    }
    return CompletableFuture.supplyAsync(() -> store.after(since, 1), executor)
        .exceptionally(
            failure -> {
              throw forgotten(since);
            })
        .thenApplyAsync(found -> begin(request, since), request.context().eventLoop());
  }

  private static Problem.Refused forgotten(Revision since) {
    return Problem.at(
            404,
            "revision-forgotten",
            "?since",
            "the changes after revision "
                + since
                + " are no longer kept; read the collections, then watch from their revision")
        .refused();
  }

  private EventStream begin(Request request, Revision since) {
    Cursor cursor = new Cursor(since);
    EventStream stream = EventStream.open(request.context(), cursor, pace);
    cursor.stream = Optional.of(stream);
    streams.add(stream);
    if (!stream.open()) {
      streams.remove(stream);
    }
    stream.wake();
    return stream;
  }

  /** Commits after a revision out of memory, or nothing when they are no longer all there. */
  private synchronized Optional<List<Commit>> remembered(Revision after) {
    if (after.compareTo(head) >= 0) {
      return Optional.of(List.of());
    }
    Commit oldest = recent.peek();
    if (oldest == null || oldest.revision().compareTo(after.next()) > 0) {
      return Optional.empty();
    }
    List<Commit> commits = new ArrayList<>();
    for (Commit commit : recent) {
      if (commit.revision().compareTo(after) > 0 && commits.size() < COMMITS_PER_READ) {
        commits.add(commit);
      }
    }
    return Optional.of(commits);
  }

  /** How far one client has got. Used on its event loop only. */
  private final class Cursor implements EventStream.Source {
    private final Deque<Commit> ahead = new ArrayDeque<>();
    private Revision read;
    private int changesSent;
    private Optional<EventStream> stream = Optional.empty();

    Cursor(Revision since) {
      this.read = since;
    }

    @Override
    public CompletableFuture<Optional<String>> next() {
      if (!ahead.isEmpty()) {
        return CompletableFuture.completedFuture(Optional.of(chunk()));
      }
      Optional<List<Commit>> commits = remembered(read);
      CompletableFuture<List<Commit>> found =
          commits.isPresent()
              ? CompletableFuture.completedFuture(commits.get())
              : CompletableFuture.supplyAsync(() -> store.after(read, COMMITS_PER_READ), executor);
      return found.thenApply(this::take);
    }

    private Optional<String> take(List<Commit> commits) {
      if (commits.isEmpty()) {
        return Optional.empty();
      }
      ahead.addAll(commits);
      read = commits.get(commits.size() - 1).revision();
      return Optional.of(chunk());
    }

    /** Up to {@link #CHANGES_PER_CHUNK} changes, none left out, from as many commits as fit. */
    private String chunk() {
      StringBuilder out = new StringBuilder();
      int room = CHANGES_PER_CHUNK;
      for (Commit commit = ahead.peek(); commit != null && room > 0; commit = ahead.peek()) {
        int to = Math.min(commit.changes().size(), changesSent + room);
        out.append(ChangeEvents.text(commit, changesSent, to));
        room -= to - changesSent;
        changesSent = to;
        if (to == commit.changes().size()) {
          ahead.remove();
          changesSent = 0;
        }
      }
      return out.toString();
    }

    @Override
    public void close() {
      stream.ifPresent(streams::remove);
    }
  }
}
