package io.fynbos.policy.model;

/**
 * The 22-bit number of a policy; with ten bits for the rule's index it makes a conjunction id,
 * which is never 0.
 */
public record PolicyNumber(int number) implements Comparable<PolicyNumber> {
  public static final int NUMBER_MIN = 1;
  public static final int NUMBER_MAX = (1 << 22) - 1;

  public PolicyNumber {
    if (number < NUMBER_MIN || number > NUMBER_MAX) {
      throw new IllegalArgumentException(
          "a policy's number is %d to %d, not %d".formatted(NUMBER_MIN, NUMBER_MAX, number));
    }
  }

  @Override
  public int compareTo(PolicyNumber other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Integer.toString(number);
  }
}
