package io.fynbos.policy.model;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * An address and how many of its leading bits count; the others are nought. Ordered by address, the
 * shorter first. Its text form is {@code 10.0.0.0/16}.
 */
public record Prefix(IpAddress address, int length) implements Comparable<Prefix> {
  public Prefix {
    if (length < 0 || length > address.bits()) {
      throw new IllegalArgumentException(
          "the length of a prefix of %s is 0 to %d, not %d"
              .formatted(address.v6() ? "IPv6" : "IPv4", address.bits(), length));
    }
    IpAddress masked = address.masked(length);
    if (!masked.equals(address)) {
      throw new IllegalArgumentException(
          "%s/%d has host bits set; the prefix would be %s/%d"
              .formatted(address, length, masked, length));
    }
  }

  /** Reads {@code address/length}. */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    String digits = slash < 0 ? "" : text.substring(slash + 1);
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 3
            && digits.chars().allMatch(c -> c >= '0' && c <= '9')
            && (digits.length() == 1 || digits.charAt(0) != '0');
    if (!number) {
      throw new IllegalArgumentException(
          "a prefix is written like 10.0.0.0/16, which \"%s\" is not".formatted(text));
    }
    return new Prefix(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(digits));
  }

  /** Reads an address, which means just that one, or {@code address/length}. */
  public static Prefix parseAddressOrPrefix(String text) {
    return text.indexOf('/') < 0 ? of(IpAddress.parse(text)) : parse(text);
  }

  /** The prefix that holds just one address. */
  public static Prefix of(IpAddress address) {
    return new Prefix(address, address.bits());
  }

  /** Whether it holds just one address. */
  public boolean single() {
    return length == address.bits();
  }

  public boolean v6() {
    return address.v6();
  }

  /** Its lowest address. */
  public IpAddress first() {
    return address;
  }

  /** Its highest address. */
  public IpAddress last() {
    return address.filled(length);
  }

  public boolean contains(IpAddress other) {
    return other.v6() == v6() && other.masked(length).equals(address);
  }

  /** Whether every address of the other is one of this. */
  public boolean contains(Prefix other) {
    return other.length >= length && contains(other.address);
  }

  public boolean overlaps(Prefix other) {
    return contains(other) || other.contains(this);
  }

  /** What is left of this without the others: the fewest prefixes that hold just that, in order. */
  public List<Prefix> subtract(List<Prefix> others) {
    List<Prefix> inside = new ArrayList<>();
    for (Prefix other : new TreeSet<>(others)) {
      if (other.contains(this)) {
        return List.of();
      }
      if (this.contains(other)) {
        inside.add(other);
      }
    }
    if (inside.isEmpty()) {
      return List.of(this);
    }
    List<Prefix> left = new ArrayList<>();
    left.addAll(half(false).subtract(inside));
    left.addAll(half(true).subtract(inside));
    return List.copyOf(left);
  }

  /** The prefix of fewer bits, at most its own, that holds it. */
  public Prefix shortened(int bits) {
    return new Prefix(address.masked(bits), bits);
  }

  private Prefix half(boolean upper) {
    Prefix lower = new Prefix(address, length + 1);
    return upper ? new Prefix(lower.last().next(), length + 1) : lower;
  }

  @Override
  public int compareTo(Prefix other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
  }

  /** Its text, which is the address alone when it holds just that. */
  public String shortText() {
    return single() ? address.toString() : toString();
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
