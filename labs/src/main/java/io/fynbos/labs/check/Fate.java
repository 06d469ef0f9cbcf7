package io.fynbos.labs.check;

import io.fynbos.policy.verdict.Verdict;

/** What must become of a packet. */
public enum Fate {
  /** It reaches whom it is for, and nobody else; what such a packet is answered with comes back. */
  ARRIVES("allow"),
  /** It reaches nobody, and its sender hears nothing. */
  VANISHES("deny"),
  /** It reaches nobody, and its sender is told: a TCP reset, or an ICMP error. */
  REJECTED("reject");

  private final String word;

  Fate(String word) {
    this.word = word;
  }

  /** The action of a rule that brings it about. */
  public String word() {
    return word;
  }

  /** What the oracle's verdict means for the packet. */
  public static Fate of(Verdict verdict) {
    return verdict.allowed() ? ARRIVES : verdict.rejected() ? REJECTED : VANISHES;
  }
}
