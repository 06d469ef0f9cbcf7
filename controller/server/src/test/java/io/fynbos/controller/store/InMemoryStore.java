package io.fynbos.controller.store;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A store for tests: forgets everything, and fails or waits when it is told to. */
public final class InMemoryStore implements Store {
  private final List<Commit> commits = new ArrayList<>();
  private final Watches watches = new Watches();
  private Image image = Image.EMPTY;
  private Optional<Runnable> beforeNext = Optional.empty();
  private boolean keepBeforeFailing;
  private Optional<StoreException> failure = Optional.empty();
  private final List<Integer> batches = new ArrayList<>();

  /** Runs this before the next commit is written. */
  public synchronized InMemoryStore before(Runnable task) {
    beforeNext = Optional.of(task);
    return this;
  }

  /** Fails the next commit, after having kept it or not. */
  public synchronized InMemoryStore failNext(boolean kept) {
    failure = Optional.of(new StoreException("the disk is full"));
    keepBeforeFailing = kept;
    return this;
  }

  /** How many commits came together, for each write. */
  public synchronized List<Integer> batches() {
    return List.copyOf(batches);
  }

  @Override
  public synchronized Image read() {
    return image;
  }

  @Override
  public synchronized Revision head() {
    return image.revision();
  }

  @Override
  public void commit(Revision expected, List<Commit> added) {
    Optional<Runnable> before;
    synchronized (this) {
      before = beforeNext;
      beforeNext = Optional.empty();
    }
    before.ifPresent(Runnable::run);
    write(expected, added);
  }

  private synchronized void write(Revision expected, List<Commit> added) {
    if (!expected.equals(image.revision())) {
      throw new StoreException.HeadMoved("at " + image.revision());
    }
    Optional<StoreException> failing = failure;
    failure = Optional.empty();
    if (failing.isEmpty() || keepBeforeFailing) {
      for (Commit commit : added) {
        image = image.apply(commit.changes(), commit.revision());
        commits.add(commit);
      }
      batches.add(added.size());
    }
    if (failing.isPresent()) {
      throw failing.get();
    }
    watches.publish(added);
  }

  @Override
  public synchronized List<Commit> after(Revision revision, int limit) {
    return commits.stream()
        .filter(commit -> commit.revision().compareTo(revision) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Watch watch(Revision revision, Consumer<Commit> listener) {
    return watches.add(after(revision, Integer.MAX_VALUE), listener);
  }

  @Override
  public void close() {}
}
