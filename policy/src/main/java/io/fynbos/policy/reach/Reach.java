package io.fynbos.policy.reach;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.verdict.End;
import io.fynbos.policy.verdict.Packet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.pcollections.TreePSet;

/**
 * Everything that may be opened between the endpoints of a universe, and from and to the outside
 * where it has internet: exactly what {@code Oracle.judge} says of every packet that is no reply.
 *
 * <p>Endpoints are put into classes that no rule tells apart, and each two classes are worked out
 * once: the cost grows with the classes and with what rules match, not with packets.
 */
public final class Reach {
  /** How many pairs of classes are worked out at most; beyond it, ask about fewer endpoints. */
  public static final long PAIRS_MAX = 16_000_000;

  /** How many pairs of sets of groups are told apart at most. */
  public static final long GROUP_PAIRS_MAX = 250_000;

  private final Image image;
  private final UniverseName universe;
  private final Grid grid;
  private final List<List<Place>> senders;
  private final List<List<Place>> receivers;
  private final ServiceSet[][] table;

  /** A universe has more classes of endpoints than are worked out at once. */
  public static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TooLarge(UniverseName universe, long pairs, String of, long max) {
      super(
          "the reach of universe %s has %d pairs of %s, and at most %d are worked out at once; ask about some endpoints or groups only"
              .formatted(universe, pairs, of, max));
    }
  }

  private Reach(Image image, UniverseName universe, Grid grid) {
    long pairs = (long) grid.senders().size() * grid.receivers().size();
    if (pairs > PAIRS_MAX) {
      throw new TooLarge(universe, pairs, "unlike endpoints", PAIRS_MAX);
    }
    this.image = image;
    this.universe = universe;
    this.grid = grid;
    this.senders = places(grid, grid.senders());
    this.receivers = places(grid, grid.receivers());
    this.table = grid.table();
  }

  private static List<List<Place>> places(Grid grid, Side side) {
    List<Spot> all = new ArrayList<>();
    for (int i = 0; i < side.size(); i++) {
      all.addAll(side.members(i));
    }
    Places places = new Places(all, grid::addressesOf);
    List<List<Place>> classes = new ArrayList<>();
    for (int i = 0; i < side.size(); i++) {
      classes.add(places.of(side.members(i)));
    }
    return classes;
  }

  /** The reach of a universe; nothing is reached in one that is not there. */
  public static Reach of(Image image, UniverseName universe) {
    return of(image, universe, any -> true, any -> true);
  }

  /**
   * The reach from some places of a universe to some. The conditions are asked about each endpoint,
   * and about nobody for all that is outside.
   */
  public static Reach of(
      Image image,
      UniverseName universe,
      Predicate<Optional<Endpoint>> from,
      Predicate<Optional<Endpoint>> to) {
    return of(image, universe, Set.of(Stage.ENFORCE), from, to);
  }

  /** The reach that there would be if the rules that are only tried out were in force. */
  public static Reach staged(Image image, UniverseName universe) {
    return of(image, universe, Set.of(Stage.values()), any -> true, any -> true);
  }

  private static Reach of(
      Image image,
      UniverseName universe,
      Set<Stage> stages,
      Predicate<Optional<Endpoint>> from,
      Predicate<Optional<Endpoint>> to) {
    return new Reach(image, universe, Grid.of(image, universe, stages, from, to));
  }

  public UniverseName universe() {
    return universe;
  }

  /**
   * What may be opened between two classes of places.
   *
   * @param from places that no rule tells apart as senders
   * @param to places that no rule tells apart as receivers
   */
  public record Block(List<Place> from, List<Place> to, ServiceSet services) {}

  /**
   * The classes between which something may be opened. A place in both reaches the others, never
   * itself; places of different families do not reach each other.
   */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (int from = 0; from < table.length; from++) {
      for (int to = 0; to < table[from].length; to++) {
        if (!table[from][to].isEmpty()) {
          blocks.add(new Block(senders.get(from), receivers.get(to), table[from][to]));
        }
      }
    }
    return blocks;
  }

  /** Hands over everything that may be opened, by place, ordered by sender, then by receiver. */
  public void forEachWay(Consumer<Way> consumer) {
    List<Numbered> to = numbered(receivers);
    for (Numbered sender : numbered(senders)) {
      for (Numbered receiver : to) {
        ServiceSet services = table[sender.number][receiver.number];
        if (!services.isEmpty() && connected(sender.place, receiver.place)) {
          Families families = Families.shared(sender.place, receiver.place);
          consumer.accept(new Way(sender.place, receiver.place, families, services));
        }
      }
    }
  }

  /** Everything that may be opened, by place. It is long: a thousand endpoints have a million. */
  public List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    forEachWay(ways::add);
    return ways;
  }

  /** A place, and the number of its class. */
  private record Numbered(Place place, int number) {}

  private static List<Numbered> numbered(List<List<Place>> classes) {
    List<Numbered> all = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      for (Place place : classes.get(i)) {
        all.add(new Numbered(place, i));
      }
    }
    all.sort(Comparator.comparing(Numbered::place));
    return all;
  }

  /** Whether they have a family in common and are not the same endpoint. */
  static boolean connected(Place from, Place to) {
    boolean itself = from.endpoint().isPresent() && from.endpoint().equals(to.endpoint());
    return !itself && ((from.has(false) && to.has(false)) || (from.has(true) && to.has(true)));
  }

  /** What may be opened in a family from some address of one endpoint to some of another. */
  public ServiceSet services(EndpointRef from, EndpointRef to, boolean v6) {
    ServiceSet services = ServiceSet.NONE;
    for (int i = 0; i < table.length; i++) {
      if (!has(senders.get(i), from, v6)) {
        continue;
      }
      for (int j = 0; j < table[i].length && !from.equals(to); j++) {
        if (has(receivers.get(j), to, v6)) {
          services = services.union(table[i][j]);
        }
      }
    }
    return services;
  }

  private static boolean has(List<Place> places, EndpointRef endpoint, boolean v6) {
    return places.stream()
        .anyMatch(place -> place.endpoint().equals(Optional.of(endpoint)) && place.has(v6));
  }

  /** Whether a packet from one end to the other may open something; false when there is no way. */
  public boolean allows(Packet packet) {
    IpAddress source = packet.from().address();
    IpAddress destination = packet.to().address();
    int from = grid.senders().classOf(key(packet.from()), source);
    int to = grid.receivers().classOf(key(packet.to()), destination);
    boolean itself =
        packet.from() instanceof End.OfEndpoint one
            && packet.to() instanceof End.OfEndpoint other
            && one.ref().equals(other.ref());
    return from >= 0
        && to >= 0
        && !itself
        && source.v6() == destination.v6()
        && table[from][to].contains(packet.transport());
  }

  private Spot.Key key(End end) {
    Optional<EndpointRef> endpoint =
        end instanceof End.OfEndpoint known
            ? Optional.of(known.ref())
            : image.endpointAt(universe, end.address()).map(Endpoint::ref);
    return new Spot.Key(endpoint, grid.atomOf(end.address()));
  }

  /**
   * What the members of one set of groups may open to those of another.
   *
   * @param every what each of the pairs may open
   * @param some what at least one may open: more than {@code every} where rules name addresses
   */
  public record GroupWay(
      SortedSet<GroupName> from, SortedSet<GroupName> to, ServiceSet every, ServiceSet some) {}

  /**
   * What may be opened, by sets of groups instead of endpoints; the outside is not among them.
   *
   * @throws TooLarge when there are more than {@link #GROUP_PAIRS_MAX} pairs of them
   */
  public List<GroupWay> byGroups() {
    Map<List<SortedSet<GroupName>>, GroupWay> ways = new TreeMap<>(Reach::compare);
    List<Set<SortedSet<GroupName>>> to = receivers.stream().map(this::groupsOf).toList();
    long pairs = distinct(senders.stream().map(this::groupsOf)) * distinct(to.stream());
    if (pairs > GROUP_PAIRS_MAX) {
      throw new TooLarge(universe, pairs, "sets of groups", GROUP_PAIRS_MAX);
    }
    for (int i = 0; i < table.length; i++) {
      Set<SortedSet<GroupName>> from = groupsOf(senders.get(i));
      for (int j = 0; j < table[i].length; j++) {
        boolean apart = (grid.senders().families(i) & grid.receivers().families(j)) == 0;
        if (apart) {
          continue;
        }
        ServiceSet services = table[i][j];
        for (SortedSet<GroupName> one : from) {
          for (SortedSet<GroupName> other : to.get(j)) {
            ways.merge(
                List.of(one, other), new GroupWay(one, other, services, services), Reach::together);
          }
        }
      }
    }
    return ways.values().stream().filter(way -> !way.some.isEmpty()).toList();
  }

  private static long distinct(Stream<Set<SortedSet<GroupName>>> sets) {
    return sets.flatMap(Set::stream).distinct().count();
  }

  private static GroupWay together(GroupWay one, GroupWay other) {
    return new GroupWay(
        one.from, one.to, one.every.intersect(other.every), one.some.union(other.some));
  }

  private Set<SortedSet<GroupName>> groupsOf(List<Place> places) {
    Set<SortedSet<GroupName>> sets = new LinkedHashSet<>();
    for (Place place : places) {
      place
          .endpoint()
          .flatMap(image::endpoint)
          .ifPresent(endpoint -> sets.add(TreePSet.fromSortedSet(endpoint.groups())));
    }
    return sets;
  }

  private static int compare(List<SortedSet<GroupName>> one, List<SortedSet<GroupName>> other) {
    int byFrom = compare(one.get(0), other.get(0));
    return byFrom != 0 ? byFrom : compare(one.get(1), other.get(1));
  }

  private static int compare(SortedSet<GroupName> one, SortedSet<GroupName> other) {
    Iterator<GroupName> theirs = other.iterator();
    for (GroupName mine : one) {
      int byName = theirs.hasNext() ? mine.compareTo(theirs.next()) : 1;
      if (byName != 0) {
        return byName;
      }
    }
    return theirs.hasNext() ? -1 : 0;
  }
}
