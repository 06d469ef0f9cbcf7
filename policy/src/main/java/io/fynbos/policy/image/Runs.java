package io.fynbos.policy.image;

import io.fynbos.policy.model.IpAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.pcollections.TreePMap;

/**
 * A persistent set of neighbouring values kept as its longest runs (first → last), so that the
 * lowest value that is not in it is found without walking over those that are.
 */
final class Runs<T extends Comparable<T>> {
  private final TreePMap<T, T> runs;
  private final UnaryOperator<T> next;
  private final UnaryOperator<T> previous;

  private Runs(TreePMap<T, T> runs, UnaryOperator<T> next, UnaryOperator<T> previous) {
    this.runs = runs;
    this.next = next;
    this.previous = previous;
  }

  static Runs<Integer> ofNumbers() {
    return new Runs<Integer>(TreePMap.<Integer, Integer>empty(), n -> n + 1, n -> n - 1);
  }

  static Runs<IpAddress> ofAddresses() {
    return new Runs<IpAddress>(
        TreePMap.<IpAddress, IpAddress>empty(), IpAddress::next, IpAddress::previous);
  }

  private Runs<T> with(TreePMap<T, T> changed) {
    return new Runs<>(changed, next, previous);
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  boolean contains(T value) {
    Map.Entry<T, T> run = runs.floorEntry(value);
    return run != null && run.getValue().compareTo(value) >= 0;
  }

  Runs<T> plus(T value) {
    Map.Entry<T, T> below = runs.floorEntry(value);
    if (below != null && below.getValue().compareTo(value) >= 0) {
      return this;
    }
    Map.Entry<T, T> above = runs.higherEntry(value);
    boolean joinsBelow = below != null && next.apply(below.getValue()).equals(value);
    boolean joinsAbove = above != null && next.apply(value).equals(above.getKey());
    T first = below != null && joinsBelow ? below.getKey() : value;
    T last = above != null && joinsAbove ? above.getValue() : value;
    TreePMap<T, T> rest = above != null && joinsAbove ? runs.minus(above.getKey()) : runs;
    return with(rest.plus(first, last));
  }

  Runs<T> minus(T value) {
    Map.Entry<T, T> run = runs.floorEntry(value);
    if (run == null || run.getValue().compareTo(value) < 0) {
      return this;
    }
    TreePMap<T, T> rest = runs.minus(run.getKey());
    if (run.getKey().compareTo(value) < 0) {
      rest = rest.plus(run.getKey(), previous.apply(value));
    }
    if (run.getValue().compareTo(value) > 0) {
      rest = rest.plus(next.apply(value), run.getValue());
    }
    return with(rest);
  }

  /** The lowest value from {@code first} to {@code last} that is not in the set. */
  Optional<T> lowestFree(T first, T last) {
    Map.Entry<T, T> run = runs.floorEntry(first);
    if (run == null || run.getValue().compareTo(first) < 0) {
      return Optional.of(first);
    }
    return run.getValue().compareTo(last) >= 0
        ? Optional.empty()
        : Optional.of(next.apply(run.getValue()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Runs<?> that && runs.equals(that.runs);
  }

  @Override
  public int hashCode() {
    return runs.hashCode();
  }

  @Override
  public String toString() {
    return runs.toString();
  }
}
