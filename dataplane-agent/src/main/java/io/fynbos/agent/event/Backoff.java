package io.fynbos.agent.event;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling from {@code first} to {@code most}, each delay
 * drawn between half of it and all of it, so that many agents do not come back in step.
 */
public final class Backoff {
  private final Duration first;
  private final Duration most;
  private final RandomGenerator random;
  private Duration next;

  /** Begins at {@code first}. */
  public Backoff(Duration first, Duration most, RandomGenerator random) {
    this.first = first;
    this.most = most;
    this.random = random;
    this.next = first;
  }

  /** The delay before the coming attempt. */
  public Duration next() {
    long nanos = next.toNanos();
    next = next.multipliedBy(2).compareTo(most) > 0 ? most : next.multipliedBy(2);
    return Duration.ofNanos(nanos / 2 + random.nextLong(nanos / 2 + 1));
  }

  /** An attempt succeeded: begin again at {@code first}. */
  public void reset() {
    next = first;
  }
}
