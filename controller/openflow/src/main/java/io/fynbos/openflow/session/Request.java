package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.OpenFlowError;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Something the switch was asked and has to answer in time. Owned by the session's event loop. */
abstract class Request<T> {
  private final String what;
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private long progressNanos;

  Request(String what) {
    this.what = what;
  }

  String what() {
    return what;
  }

  CompletableFuture<T> future() {
    return future;
  }

  /** When it was last known to go on. */
  long progressNanos() {
    return progressNanos;
  }

  void progress(long nowNanos) {
    progressNanos = nowNanos;
  }

  /** Takes an answer; whether that was the last. */
  abstract boolean answer(ByteBuf message);

  /** After the last answer: completes the future. */
  abstract void finish();

  void refuse(OpenFlowError error) {
    future.completeExceptionally(new OpenFlowRefused(error, what, Optional.<Mod>empty()));
  }

  void end(SessionEnded why) {
    future.completeExceptionally(why);
  }
}
