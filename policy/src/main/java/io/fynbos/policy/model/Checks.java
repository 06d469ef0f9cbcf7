package io.fynbos.policy.model;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The bounds that the records check, with the sentences that say so. */
final class Checks {
  private Checks() {}

  static void atMost(int size, int max, String what) {
    if (size > max) {
      throw new IllegalArgumentException("at most %d %s, not %d".formatted(max, what, size));
    }
  }

  static void notEmpty(Collection<?> values, String what) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("there are no " + what);
    }
  }

  static void range(int value, int min, int max, String what) {
    if (value < min || value > max) {
      throw new IllegalArgumentException("%s is %d to %d, not %d".formatted(what, min, max, value));
    }
  }

  static void optionalRange(OptionalInt value, int min, int max, String what) {
    if (value.isPresent()) {
      range(value.getAsInt(), min, max, what);
    }
  }

  static <T> void distinct(Collection<T> values, String what) {
    Set<T> seen = new HashSet<>();
    for (T value : values) {
      if (!seen.add(value)) {
        throw new IllegalArgumentException("%s %s is there twice".formatted(what, value));
      }
    }
  }

  /** Sorted copies of prefixes none of which overlaps another. */
  static List<Prefix> disjoint(Collection<Prefix> prefixes) {
    List<Prefix> sorted = prefixes.stream().sorted().toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i - 1).overlaps(sorted.get(i))) {
        throw new IllegalArgumentException(
            "prefixes %s and %s overlap".formatted(sorted.get(i - 1), sorted.get(i)));
      }
    }
    return sorted;
  }
}
