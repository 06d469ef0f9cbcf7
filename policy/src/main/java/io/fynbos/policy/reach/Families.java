package io.fynbos.policy.reach;

/** The families of addresses that something is about. */
public enum Families {
  IPV4("ipv4"),
  IPV6("ipv6"),
  BOTH("ipv4 and ipv6");

  private final String text;

  Families(String text) {
    this.text = text;
  }

  /** Those that both places have; they share at least one. */
  static Families shared(Place one, Place other) {
    boolean v4 = one.has(false) && other.has(false);
    boolean v6 = one.has(true) && other.has(true);
    return v4 && v6 ? BOTH : v4 ? IPV4 : IPV6;
  }

  /** Words for it. */
  public String text() {
    return text;
  }

  public boolean contains(boolean v6) {
    return this == BOTH || this == (v6 ? IPV6 : IPV4);
  }
}
