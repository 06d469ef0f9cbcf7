package io.fynbos.policy.model;

/**
 * The number of a universe: its value in registers and its connection tracking zone on every host.
 */
public record UniverseNumber(int number) implements Comparable<UniverseNumber> {
  public static final int NUMBER_MIN = 16;
  public static final int NUMBER_MAX = 65279;

  public UniverseNumber {
    if (number < NUMBER_MIN || number > NUMBER_MAX) {
      throw new IllegalArgumentException(
          "a universe's number is %d to %d, not %d".formatted(NUMBER_MIN, NUMBER_MAX, number));
    }
  }

  @Override
  public int compareTo(UniverseNumber other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Integer.toString(number);
  }
}
