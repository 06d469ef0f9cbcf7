package io.fynbos.policy.reach;

import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.verdict.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A set of services. A service is a point {@code protocol << 16 | x}, where x is the destination
 * port, or the ICMP type and code as {@code type << 8 | code}. Protocols that have neither are in
 * the set with all of their points or with none.
 *
 * <p>It is kept as the sorted points at which membership changes: in from the first to before the
 * second, in again from the third, and so on.
 */
public final class ServiceSet {
  private static final int PROTOCOL_POINTS = 1 << 16;
  private static final int POINTS = (Service.PROTOCOL_MAX + 1) * PROTOCOL_POINTS;

  /** Nothing at all. */
  public static final ServiceSet NONE = new ServiceSet(new int[0]);

  /** Everything that a packet can carry. */
  public static final ServiceSet ALL = new ServiceSet(new int[] {0, POINTS});

  private final int[] changes;
  private final int hash;

  private ServiceSet(int[] changes) {
    this.changes = changes;
    this.hash = Arrays.hashCode(changes);
  }

  /** What one service of a rule is about. */
  public static ServiceSet of(Service service) {
    int base = service.protocol() * PROTOCOL_POINTS;
    if (service instanceof Service.Ports of && !of.ports().isEmpty()) {
      ServiceSet set = NONE;
      for (PortRange range : of.ports()) {
        set = set.union(points(base + range.first(), base + range.last()));
      }
      return set;
    }
    if (service instanceof Service.Icmp of && of.type().isPresent()) {
      int type = base + (of.type().getAsInt() << 8);
      return of.code().isPresent()
          ? points(type + of.code().getAsInt(), type + of.code().getAsInt())
          : points(type, type + 0xff);
    }
    return points(base, base + PROTOCOL_POINTS - 1);
  }

  /** What the services of a rule are about together: everything when there are none. */
  public static ServiceSet of(Collection<Service> services) {
    if (services.isEmpty()) {
      return ALL;
    }
    ServiceSet set = NONE;
    for (Service service : services) {
      set = set.union(of(service));
    }
    return set;
  }

  private static ServiceSet points(int first, int last) {
    return new ServiceSet(new int[] {first, last + 1});
  }

  /** The point of what a packet carries. */
  private static int point(Transport transport) {
    int base = transport.protocol() * PROTOCOL_POINTS;
    if (transport instanceof Transport.Ports ports) {
      return base + ports.destination();
    }
    return transport instanceof Transport.Icmp icmp
        ? base + (icmp.type() << 8 | icmp.code())
        : base;
  }

  /** Whether what a packet carries is one of the services. */
  public boolean contains(Transport transport) {
    int at = Arrays.binarySearch(changes, point(transport));
    int passed = at >= 0 ? at + 1 : -at - 1;
    return (passed & 1) != 0;
  }

  /** Whether it has more than half of all services. */
  boolean most() {
    int points = 0;
    for (int i = 0; i < changes.length; i += 2) {
      points += changes[i + 1] - changes[i];
    }
    return points > POINTS / 2;
  }

  public boolean isEmpty() {
    return changes.length == 0;
  }

  private boolean isAll() {
    return changes.length == 2 && changes[0] == 0 && changes[1] == POINTS;
  }

  /** What is in either. */
  public ServiceSet union(ServiceSet other) {
    if (other.isEmpty() || isAll()) {
      return this;
    }
    return isEmpty() || other.isAll() ? other : combine(other, 0b1110);
  }

  /** What is in both. */
  public ServiceSet intersect(ServiceSet other) {
    if (isEmpty() || other.isAll()) {
      return this;
    }
    return other.isEmpty() || isAll() ? other : combine(other, 0b1000);
  }

  /** What is in this and not in the other. */
  public ServiceSet subtract(ServiceSet other) {
    if (isEmpty() || other.isEmpty()) {
      return this;
    }
    return other.isAll() ? NONE : combine(other, 0b0100);
  }

  /** Whether some service is in both. */
  public boolean intersects(ServiceSet other) {
    return !intersect(other).isEmpty();
  }

  /** Bit {@code 2·mine + theirs} of the table says whether a point is in the result. */
  private ServiceSet combine(ServiceSet other, int table) {
    int[] theirs = other.changes;
    int[] result = new int[changes.length + theirs.length];
    int size = 0;
    int i = 0;
    int j = 0;
    boolean in = false;
    while (i < changes.length || j < theirs.length) {
      int mine = i < changes.length ? changes[i] : Integer.MAX_VALUE;
      int next = j < theirs.length ? Math.min(mine, theirs[j]) : mine;
      i += i < changes.length && changes[i] == next ? 1 : 0;
      j += j < theirs.length && theirs[j] == next ? 1 : 0;
      boolean now = (table >> ((i & 1) << 1 | (j & 1)) & 1) != 0;
      if (now != in) {
        result[size++] = next;
        in = now;
      }
    }
    return new ServiceSet(Arrays.copyOf(result, size));
  }

  /**
   * Neighbouring services of one protocol.
   *
   * @param first its lowest port, or {@code type << 8 | code}
   * @param last its highest; 65535 where the protocol has neither
   */
  public record Range(int protocol, int first, int last) {
    /** Whether it is all that the protocol carries. */
    public boolean whole() {
      return first == 0 && last == PROTOCOL_POINTS - 1;
    }
  }

  /** The fewest ranges that make the set, in order, none over several protocols. */
  public List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < changes.length; i += 2) {
      int from = changes[i];
      int last = changes[i + 1] - 1;
      while (from <= last) {
        int protocol = from / PROTOCOL_POINTS;
        int end = Math.min(last, (protocol + 1) * PROTOCOL_POINTS - 1);
        ranges.add(new Range(protocol, from % PROTOCOL_POINTS, end % PROTOCOL_POINTS));
        from = end + 1;
      }
    }
    return ranges;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ServiceSet that
        && hash == that.hash
        && Arrays.equals(changes, that.changes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /**
   * Its services in the fewest words, such as {@code tcp/22, tcp/8000-8080, icmp/8}, {@code all},
   * {@code all except tcp/25} or {@code nothing}.
   */
  @Override
  public String toString() {
    return ServiceWords.of(this);
  }
}
