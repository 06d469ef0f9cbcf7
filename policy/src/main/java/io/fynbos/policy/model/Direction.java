package io.fynbos.policy.model;

import java.util.Locale;

/** The way a rule looks at packets, seen from the endpoint that it applies to. */
public enum Direction {
  IN,
  OUT;

  /** The word in documents. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }
}
