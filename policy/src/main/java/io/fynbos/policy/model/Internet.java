package io.fynbos.policy.model;

import java.util.Locale;

/** How a universe reaches the internet. */
public enum Internet {
  NONE,
  /** Translated to shared public addresses. */
  SHARED;

  /** The word in documents. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }
}
