package io.fynbos.agent.event;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what it is handed, one after the other, on one thread. An event that throws is a bug: it is
 * logged and counted, and the next one runs, because an agent that stops answering helps nobody while
 * the switch forwards on.
 */
public final class EventThread implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventThread.class);

  private final ScheduledThreadPoolExecutor executor;
  private final AtomicLong faults = new AtomicLong();

  /** Starts the thread under that name. */
  public EventThread(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            },
            new ScheduledThreadPoolExecutor.DiscardPolicy());
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable event) {
    executor.execute(guarded(event));
  }

  /** Runs the event after the delay, unless cancelled before. */
  public ScheduledFuture<?> later(Duration delay, Runnable event) {
    return executor.schedule(guarded(event), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs the event again and again, with the period between one end and the next beginning. */
  public ScheduledFuture<?> every(Duration period, Runnable event) {
    return executor.scheduleWithFixedDelay(
        guarded(event), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** How many events have thrown. */
  public long faults() {
    return faults.get();
  }

  /** Drops what is queued and ends the thread. */
  @Override
  public void close() {
    executor.shutdownNow();
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
