package io.fynbos.controller.core;

import io.fynbos.policy.decide.Ids;
import io.fynbos.policy.model.Mac;
import java.security.SecureRandom;
import java.util.UUID;

/** Random ids, and random MACs out of those that are administered locally. */
public final class RandomIds implements Ids {

  private static final long LOCAL = 0x0200_0000_0000L;
  private static final long RANDOM_BITS = 0x00ff_ffff_ffffL;

  private final SecureRandom random = new SecureRandom();

  @Override
  public UUID uuid() {
    return UUID.randomUUID();
  }

  @Override
  public Mac mac() {
    return new Mac(LOCAL | (random.nextLong() & RANDOM_BITS));
  }
}
