package io.fynbos.openflow.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionClockTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void itRunsWithTheWorld() {
    SessionClock clock = SessionClock.of(SessionLimits.DEFAULT, 0);
    assertThat(clock.tickNanos()).isEqualTo(SECOND);
    for (int second = 1; second <= 30; second++) {
      clock.tick(second * SECOND);
    }
    assertThat(clock.now()).isEqualTo(30 * SECOND);
  }

  @Test
  void aMinuteInWhichWeStoodStillIsTwoTicks() {
    SessionClock clock = SessionClock.of(SessionLimits.DEFAULT, 0);
    clock.tick(SECOND);
    clock.tick(61 * SECOND);
    assertThat(clock.now()).isEqualTo(3 * SECOND);
  }
}
