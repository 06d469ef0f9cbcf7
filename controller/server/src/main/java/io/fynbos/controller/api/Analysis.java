package io.fynbos.controller.api;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where long questions about the state are worked out, one at a time, away from everything that a
 * change or a host waits for. When too many wait, the next is refused.
 */
final class Analysis implements Executor, AutoCloseable {

  /** Steps that may wait; a question has a few. */
  static final int WAITING_MAX = 16;

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(WAITING_MAX),
          task -> new Thread(task, "analysis"));

  Analysis() {
    thread.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      throw Problem.of(503, "busy", "too many questions wait to be worked out; try again")
          .with("retry-after", "1")
          .refused();
    }
  }

  /** Works something out. */
  <T> CompletableFuture<T> work(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, this);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
