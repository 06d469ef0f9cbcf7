package io.fynbos.controller.store;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Revision;
import java.util.List;
import java.util.function.Consumer;

/**
 * The durable log of commits and the image that it leads to.
 *
 * <p>A store that is shared by several controllers, which keeps a commit as chunks and swaps one
 * head key last, fits this interface: a commit names the head that it expects, and everybody
 * follows the log by watching it.
 *
 * <p>All methods throw {@link StoreException} when the store cannot be read or written.
 */
public interface Store extends AutoCloseable {

  /** The image as of the last commit. */
  Image read();

  /**
   * Appends commits, all or none; when this returns they survive a power cut.
   *
   * @param expected the revision of the last commit; the new ones are numbered upwards from it
   *     without a gap
   * @throws StoreException.HeadMoved when the last commit is another; nothing was written
   */
  void commit(Revision expected, List<Commit> commits);

  /** The revision of the last commit, or {@link Revision#NONE}. */
  Revision head();

  /**
   * The commits after a revision, oldest first.
   *
   * @param limit how many at most, 1 or more
   * @throws StoreException.Forgotten when the first of them is no longer in the log
   */
  List<Commit> after(Revision revision, int limit);

  /**
   * Hands each commit after {@code revision} to the listener, in order, once, from one thread at a
   * time. The listener returns quickly and does not call the store.
   *
   * @throws StoreException.Forgotten when the first of them is no longer in the log
   */
  Watch watch(Revision revision, Consumer<Commit> listener);

  @Override
  void close();

  /** A listener's subscription. */
  interface Watch extends AutoCloseable {
    /** No commit is handed over after this returns. */
    @Override
    void close();
  }
}
