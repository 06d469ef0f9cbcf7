package io.fynbos.policy.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Ports from {@code first} to {@code last}, both included. Its text form is {@code 5432} or {@code
 * 8000-8080}.
 */
public record PortRange(int first, int last) implements Comparable<PortRange> {
  public static final int PORT_MAX = 65535;
  public static final PortRange ALL = new PortRange(0, PORT_MAX);

  public PortRange {
    if (first < 0 || last > PORT_MAX) {
      throw new IllegalArgumentException(
          "a port is 0 to %d, which %d is not".formatted(PORT_MAX, first < 0 ? first : last));
    }
    if (first > last) {
      throw new IllegalArgumentException(
          "a range of ports goes upwards, which %d-%d does not".formatted(first, last));
    }
  }

  /** Reads {@code 5432} or {@code 8000-8080}. */
  public static PortRange parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      return of(port(text, text));
    }
    return new PortRange(port(text.substring(0, dash), text), port(text.substring(dash + 1), text));
  }

  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  private static int port(String digits, String text) {
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 9
            && digits.chars().allMatch(c -> c >= '0' && c <= '9')
            && (digits.length() == 1 || digits.charAt(0) != '0');
    if (!number) {
      throw new IllegalArgumentException(
          "ports are written like 5432 or 8000-8080, which \"%s\" is not".formatted(text));
    }
    return Integer.parseInt(digits);
  }

  public boolean contains(int port) {
    return first <= port && port <= last;
  }

  /** A 16-bit value and the bits of it that count. */
  public record Masked(int value, int mask) {
    public Masked {
      if ((value & ~mask) != 0 || (mask & ~0xffff) != 0) {
        throw new IllegalArgumentException("0x%x/0x%x is not a masked port".formatted(value, mask));
      }
    }

    public boolean matches(int port) {
      return (port & mask) == value;
    }
  }

  /** The fewest masked values that match just these ports, in order. */
  public List<Masked> masks() {
    List<Masked> masks = new ArrayList<>();
    int at = first;
    while (at <= last) {
      int size = at == 0 ? 1 << 16 : Integer.lowestOneBit(at);
      while (at + size - 1 > last) {
        size >>= 1;
      }
      masks.add(new Masked(at, 0xffff & -size));
      at += size;
    }
    return List.copyOf(masks);
  }

  @Override
  public int compareTo(PortRange other) {
    int byFirst = Integer.compare(first, other.first);
    return byFirst != 0 ? byFirst : Integer.compare(last, other.last);
  }

  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
