package io.fynbos.policy.model;

import java.util.Locale;

/** Whether a rule is in force, or is only being tried out. */
public enum Stage {
  /** The rule takes part in verdicts. */
  ENFORCE,
  /** The rule takes no part; what it would change is counted, and logged when it says so. */
  AUDIT;

  /** The word in documents. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }
}
