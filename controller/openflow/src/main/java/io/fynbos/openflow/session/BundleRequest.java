package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.Bundles;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.OpenFlowError;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One bundle on its way: open, the changes as fast as the switch takes them, close, and only when
 * the switch has refused none of them by then, commit and a barrier. Its messages have consecutive
 * xids, so that an error names its change without a table.
 */
final class BundleRequest {
  /** About how much is encoded before it is written. */
  private static final int CHUNK_BYTES = 1 << 16;

  private static final int FLAGS = Bundles.ATOMIC | Bundles.ORDERED;

  /** What the session does for a bundle. */
  interface Road {
    /** A buffer to write. */
    ByteBuf buffer(int bytes);

    /** Sends a buffer. */
    void write(ByteBuf buffer);

    /** Whether more may be sent now. */
    boolean writable();
  }

  private enum Step {
    ADDING,
    CLOSING,
    COMMITTING,
    DONE
  }

  private final List<Mod> mods;
  private final CompletableFuture<Void> future = new CompletableFuture<>();
  private Step step = Step.ADDING;
  private int bundle;
  private int openXid;
  private int next;
  private boolean committed;
  private @Nullable RuntimeException refusal;
  private long progressNanos;

  BundleRequest(List<Mod> mods) {
    this.mods = List.copyOf(mods);
    for (Mod mod : this.mods) {
      if (!mod.bundled()) {
        throw new IllegalArgumentException("a bundle cannot hold " + mod);
      }
    }
  }

  CompletableFuture<Void> future() {
    return future;
  }

  long progressNanos() {
    return progressNanos;
  }

  void progress(long nowNanos) {
    progressNanos = nowNanos;
  }

  /** How many xids it needs. */
  int xids() {
    return mods.size() + 5;
  }

  boolean done() {
    return step == Step.DONE;
  }

  String what() {
    return "a bundle of " + mods.size() + " changes";
  }

  void open(int bundleId, int firstXid, Road road) {
    bundle = bundleId;
    openXid = firstXid;
    ByteBuf out = road.buffer(32);
    SessionMessages.bundleOpen(bundle, openXid, out);
    road.write(out);
    pump(road);
  }

  /** Sends changes while the switch takes them. */
  void pump(Road road) {
    while (step == Step.ADDING && road.writable()) {
      ByteBuf out = road.buffer(CHUNK_BYTES);
      try {
        while (next < mods.size() && refusal == null && out.readableBytes() < CHUNK_BYTES - 4096) {
          Bundles.add(bundle, FLAGS, mods.get(next), openXid + 1 + next, out);
          next++;
        }
      } catch (IllegalArgumentException tooLong) {
        // What was begun must not be sent, and what it belongs to must not be done.
        out.clear();
        refusal = new IllegalArgumentException("cannot be sent: " + mods.get(next), tooLong);
      }
      if (next == mods.size() || refusal != null) {
        SessionMessages.bundleClose(bundle, closeXid(), out);
        step = Step.CLOSING;
      }
      road.write(out);
    }
  }

  private int closeXid() {
    return openXid + 1 + mods.size();
  }

  private int commitXid() {
    return closeXid() + 1;
  }

  private int barrierXid() {
    return closeXid() + 2;
  }

  /** Whether a message with that xid is about this bundle. */
  boolean owns(int xid) {
    return step != Step.DONE && xid - openXid >= 0 && xid - openXid < xids();
  }

  /** Takes an answer that {@link #owns} its xid. */
  void answer(int xid, Road road) {
    if (xid == closeXid() && step == Step.CLOSING) {
      closed(road);
    } else if (xid == commitXid() && step == Step.COMMITTING) {
      committed = true;
    } else if (xid == barrierXid() && step == Step.COMMITTING) {
      finish();
    }
  }

  /** Takes an error that {@link #owns} its xid. The first says what was wrong. */
  void refused(int xid, OpenFlowError error, Road road) {
    int index = xid - openXid - 1;
    Optional<Mod> mod =
        index >= 0 && index < mods.size() ? Optional.of(mods.get(index)) : Optional.empty();
    if (refusal == null) {
      refusal = new OpenFlowRefused(error, what(), mod);
    }
    if (xid == closeXid() && step == Step.CLOSING) {
      closed(road);
    } else if (step == Step.ADDING) {
      pump(road);
    }
  }

  private void closed(Road road) {
    ByteBuf out = road.buffer(64);
    if (refusal == null) {
      SessionMessages.bundleCommit(bundle, commitXid(), out);
      SessionMessages.barrierRequest(barrierXid(), out);
      step = Step.COMMITTING;
      road.write(out);
    } else {
      SessionMessages.bundleDiscard(bundle, closeXid() + 3, out);
      road.write(out);
      finish();
    }
  }

  private void finish() {
    step = Step.DONE;
    if (refusal != null) {
      future.completeExceptionally(refusal);
    } else if (committed) {
      future.complete(null);
    } else {
      future.completeExceptionally(
          new SessionEnded("the switch answered the barrier after a bundle but not its commit"));
    }
  }

  void end(SessionEnded why) {
    step = Step.DONE;
    future.completeExceptionally(why);
  }
}
