package io.fynbos.policy;

import io.fynbos.policy.decide.Ids;
import io.fynbos.policy.model.Mac;
import java.util.Random;
import java.util.UUID;

/** Ids that are the same for the same seed. */
public final class SeededIds implements Ids {
  private final Random random;

  public SeededIds(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public UUID uuid() {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() >>> 2) | Long.MIN_VALUE;
    return new UUID(high, low);
  }

  @Override
  public Mac mac() {
    return new Mac(0x02_00_00_00_00_00L | (random.nextLong() & 0xff_ffff_ffffL));
  }
}
