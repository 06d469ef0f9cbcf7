package io.fynbos.policy.model;

import java.util.Locale;

/**
 * What a rule does with what it matches. The order of the constants is how they win at equal tier
 * and order: the last one wins.
 */
public enum Action {
  /** Leaves the packet to the next tier; only in guardrails. */
  PASS,
  ALLOW,
  /** Drops, and tells the sender. */
  REJECT,
  DENY;

  /** The word in documents. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }
}
