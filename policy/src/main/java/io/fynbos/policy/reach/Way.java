package io.fynbos.policy.reach;

/** What may be opened from one place to another, in some families. */
public record Way(Place from, Place to, Families families, ServiceSet services) {
  /** {@code blue/web1 → blue/db1: tcp/5432}, with the family where there is only one. */
  @Override
  public String toString() {
    String family = families == Families.BOTH ? "" : " (" + families.text() + ")";
    return from + " → " + to + ": " + services + family;
  }
}
