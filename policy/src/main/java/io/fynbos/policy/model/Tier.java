package io.fynbos.policy.model;

import java.util.Locale;

/** The tiers in which policies are judged, first to last. */
public enum Tier {
  /** The operator's, judged first. */
  GUARDRAIL,
  /** The tenant's. */
  UNIVERSE,
  /** Judged last, before the universe's own defaults. */
  DEFAULT;

  /** The word in documents. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }
}
