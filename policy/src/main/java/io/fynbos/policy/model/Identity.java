package io.fynbos.policy.model;

/**
 * The 24-bit number of one (universe, set of groups), carried in the tunnel key. Numbers below 16
 * are reserved.
 */
public record Identity(int number) implements Comparable<Identity> {
  public static final int NUMBER_MIN = 16;
  public static final int NUMBER_MAX = (1 << 24) - 1;

  public Identity {
    if (number < NUMBER_MIN || number > NUMBER_MAX) {
      throw new IllegalArgumentException(
          "an identity is %d to %d, not %d".formatted(NUMBER_MIN, NUMBER_MAX, number));
    }
  }

  @Override
  public int compareTo(Identity other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Integer.toString(number);
  }
}
