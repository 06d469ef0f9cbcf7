package io.fynbos.openflow.session;

import java.time.Duration;

/**
 * The clock of a session's deadlines. It moves at each tick, and hardly while our own process
 * stands still (a paused or starved machine), so that our pause is not taken for the switch's
 * silence.
 */
final class SessionClock {
  private static final Duration TICK_MAX = Duration.ofSeconds(1);
  private static final int TICKS_A_DEADLINE = 4;

  private final long tickNanos;
  private long lastNanos;
  private long now;

  private SessionClock(long tickNanos, long nowNanos) {
    this.tickNanos = tickNanos;
    this.lastNanos = nowNanos;
  }

  /** Ticks some times within the shortest deadline. */
  static SessionClock of(SessionLimits limits, long nowNanos) {
    long shortest =
        Math.min(
            limits.requestTimeout().toNanos(),
            Math.min(limits.echoAfter().toNanos(), limits.echoTimeout().toNanos()));
    long tickNanos = Math.min(TICK_MAX.toNanos(), Math.max(1, shortest / TICKS_A_DEADLINE));
    return new SessionClock(tickNanos, nowNanos);
  }

  /** How often it wants to tick. */
  long tickNanos() {
    return tickNanos;
  }

  /** Moves on, by at most two ticks. */
  void tick(long nowNanos) {
    now += Math.min(nowNanos - lastNanos, 2 * tickNanos);
    lastNanos = nowNanos;
  }

  /** Nanoseconds of its own, as of the last tick. */
  long now() {
    return now;
  }
}
