package io.fynbos.labs.traffic;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tokens and source ports for probes. Neither comes twice within a run, so that no probe meets the
 * connection of another.
 */
final class Tokens {
  private static final int PORT_MIN = 33_000;
  private static final int PORTS = 27_000;

  private final AtomicInteger token = new AtomicInteger(ThreadLocalRandom.current().nextInt());
  private final AtomicInteger port = new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

  int token() {
    return token.incrementAndGet();
  }

  int sourcePort() {
    return PORT_MIN + Math.floorMod(port.incrementAndGet(), PORTS);
  }
}
