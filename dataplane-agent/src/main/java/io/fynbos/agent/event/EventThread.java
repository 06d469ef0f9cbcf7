package io.fynbos.agent.event;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what it is handed, one after the other, on one thread. An event that throws is a bug: it is
 * logged and counted, and the next one runs, because an agent that stops answering helps nobody
 * while the switch forwards on.
 */
public final class EventThread implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventThread.class);

  /** How long an event that runs while closing may still take. */
  private static final Duration CLOSE = Duration.ofSeconds(1);

  /** What is to happen, and need not. */
  public interface Scheduled {
    /** It does not happen, unless it already has. */
    void cancel();
  }

  private final ScheduledThreadPoolExecutor executor;
  private final AtomicLong faults = new AtomicLong();

  private final RandomGenerator random;

  /** Starts the thread under that name; the random is for delays that must not be in step. */
  public EventThread(String name, RandomGenerator random) {
    this.random = random;
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable event) {
    executor.execute(guarded(event));
  }

  /** Runs the event after the delay, unless cancelled before. */
  public Scheduled later(Duration delay, Runnable event) {
    ScheduledFuture<?> future =
        executor.schedule(guarded(event), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  /** Runs the event again and again, with the period between one end and the next beginning. */
  public Scheduled every(Duration period, Runnable event) {
    ScheduledFuture<?> future =
        executor.scheduleWithFixedDelay(
            guarded(event), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  /** Delays for attempts, from {@code first} to {@code most}. */
  public Backoff backoff(Duration first, Duration most) {
    return new Backoff(first, most, random);
  }

  /** Runs one of the two on the event thread when the future settles. */
  public <T> void when(CompletableFuture<T> future, Consumer<T> done, Consumer<Throwable> failed) {
    var unused =
        future.whenComplete(
            (value, failure) ->
                execute(
                    () -> {
                      if (failure == null) {
                        done.accept(value);
                      } else {
                        failed.accept(failure);
                      }
                    }));
  }

  /** Runs the event and waits for it, but not for long: what is to be done before closing. */
  public void last(Runnable event) {
    CountDownLatch over = new CountDownLatch(1);
    execute(
        () -> {
          try {
            event.run();
          } finally {
            over.countDown();
          }
        });
    try {
      if (!over.await(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("event=not-closed-in-time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many events have thrown. */
  public long faults() {
    return faults.get();
  }

  /** Drops what is queued and ends the thread. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("event=not-closed-in-time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Runnable guarded(Runnable event) {
    return () -> {
      try {
        event.run();
      } catch (RuntimeException e) {
        LOG.error("event=fault count={}", faults.incrementAndGet(), e);
      }
    };
  }
}
