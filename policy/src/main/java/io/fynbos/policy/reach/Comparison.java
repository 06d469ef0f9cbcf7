package io.fynbos.policy.reach;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The reach of one universe in two images, compared. The addresses are cut alike in both, so that
 * each spot is in one class before and in one after; those that are in the same two are compared
 * once.
 */
final class Comparison {
  private static final Set<Stage> ENFORCED = Set.of(Stage.ENFORCE);

  private final Grid before;
  private final Grid after;
  private final Touched touched;
  private final ReachChange.Collected collected;

  /** A class before and a class after; -1 where there is none. */
  private record Pair(int before, int after) {}

  /** Spots that are alike before, and alike after. */
  private record Joint(Pair classes, List<Place> places, int families, boolean touched) {}

  Comparison(
      Image before,
      Image after,
      UniverseName universe,
      Touched touched,
      ReachChange.Collected collected) {
    Grid.Rules old = Grid.Rules.of(before, universe, ENFORCED);
    Grid.Rules now = Grid.Rules.of(after, universe, ENFORCED);
    Set<Prefix> prefixes = new TreeSet<>(touched.moved());
    old.cutsTo(before, universe, prefixes);
    now.cutsTo(after, universe, prefixes);
    Cuts cuts = new Cuts(prefixes);
    this.before = Grid.of(before, universe, old, cuts, any -> true, any -> true);
    this.after = Grid.of(after, universe, now, cuts, any -> true, any -> true);
    this.touched = touched;
    this.collected = collected;
  }

  void run() {
    List<Joint> from = joints(before.senders(), after.senders(), touched::sends);
    List<Joint> to = joints(before.receivers(), after.receivers(), touched::receives);
    List<Joint> touchedTo = to.stream().filter(Joint::touched).toList();
    for (Joint sender : from) {
      for (Joint receiver : sender.touched ? to : touchedTo) {
        if ((sender.families & receiver.families) != 0 && collected.examine()) {
          compare(sender, receiver);
        }
      }
    }
  }

  private void compare(Joint from, Joint to) {
    ServiceSet old = before.services(from.classes.before, to.classes.before);
    ServiceSet now = after.services(from.classes.after, to.classes.after);
    if (!old.equals(now)) {
      collected.gained(from.places, to.places, now.subtract(old));
      collected.lost(from.places, to.places, old.subtract(now));
    }
  }

  private List<Joint> joints(Side before, Side after, Predicate<Optional<EndpointRef>> touches) {
    Map<Spot.Key, Spot> spots = new LinkedHashMap<>();
    spots(before).forEach(spot -> spots.put(spot.key(), spot));
    spots(after).forEach(spot -> spots.putIfAbsent(spot.key(), spot));
    Map<Pair, List<Spot>> members = new LinkedHashMap<>();
    for (Spot spot : sorted(spots.values())) {
      Pair pair = new Pair(before.classOf(spot.key()), after.classOf(spot.key()));
      members.computeIfAbsent(pair, p -> new ArrayList<>()).add(spot);
    }
    Places places = new Places(spots.values(), this.after::addressesOf);
    List<Joint> joints = new ArrayList<>();
    members.forEach(
        (pair, some) -> {
          int families = some.stream().mapToInt(Spot::family).reduce(0, (a, b) -> a | b);
          boolean touched = some.stream().map(Spot::endpoint).anyMatch(touches);
          joints.add(new Joint(pair, places.of(some), families, touched));
        });
    return joints;
  }

  private static List<Spot> spots(Side side) {
    List<Spot> spots = new ArrayList<>();
    for (int i = 0; i < side.size(); i++) {
      spots.addAll(side.members(i));
    }
    return spots;
  }

  /** Endpoints first, by name, so that the order does not depend on which image is the first. */
  private static Collection<Spot> sorted(Collection<Spot> spots) {
    Map<EndpointRef, Map<Prefix, Spot>> inside = new TreeMap<>();
    Map<Prefix, Spot> outside = new TreeMap<>();
    for (Spot spot : spots) {
      spot.endpoint()
          .<Map<Prefix, Spot>>map(e -> inside.computeIfAbsent(e, any -> new TreeMap<>()))
          .orElse(outside)
          .put(spot.atom(), spot);
    }
    List<Spot> sorted = new ArrayList<>();
    inside.values().forEach(byAtom -> sorted.addAll(byAtom.values()));
    sorted.addAll(outside.values());
    return sorted;
  }
}
