package io.fynbos.policy.reach;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.List;

/**
 * What may be opened after a change that could not be before, and the other way round.
 *
 * @param gained ways that are new, and the services that are new on ways that were there; ordered
 *     by universe, sender and receiver within each pair of classes
 * @param lost what is gone, likewise
 * @param more how many gained and lost ways there are besides those listed
 * @param unexamined how many pairs of classes of endpoints were left out altogether
 */
public record ReachChange(List<Way> gained, List<Way> lost, long more, long unexamined) {
  /** How many ways are listed at most, of gained and lost ones each. */
  public static final int LISTED_MAX = 1000;

  /** How many pairs of classes are compared at most. */
  public static final long PAIRS_MAX = 2_000_000;

  public ReachChange {
    gained = List.copyOf(gained);
    lost = List.copyOf(lost);
  }

  /** What the change from one image to another does to reach, by the rules that are in force. */
  public static ReachChange between(Image before, Image after) {
    Collected collected = new Collected();
    for (UniverseName universe : Touched.universes(before, after)) {
      Touched touched = Touched.of(before, after, universe);
      if (touched.any()) {
        new Comparison(before, after, universe, touched, collected).run();
      }
    }
    return new ReachChange(collected.gained, collected.lost, collected.more, collected.unexamined);
  }

  /** Whether nothing changes. */
  public boolean isEmpty() {
    return gained.isEmpty() && lost.isEmpty() && more == 0 && unexamined == 0;
  }

  /** The same change the other way round. */
  public ReachChange reversed() {
    return new ReachChange(lost, gained, more, unexamined);
  }

  /** What was found so far, within bounds. */
  static final class Collected {
    private final List<Way> gained = new ArrayList<>();
    private final List<Way> lost = new ArrayList<>();
    private long more;
    private long pairs;
    private long unexamined;

    /** Whether one more pair may be compared; else it is counted. */
    boolean examine() {
      if (pairs < PAIRS_MAX) {
        pairs++;
        return true;
      }
      unexamined++;
      return false;
    }

    void gained(List<Place> from, List<Place> to, ServiceSet services) {
      add(gained, from, to, services);
    }

    void lost(List<Place> from, List<Place> to, ServiceSet services) {
      add(lost, from, to, services);
    }

    private void add(List<Way> ways, List<Place> from, List<Place> to, ServiceSet services) {
      if (services.isEmpty()) {
        return;
      }
      for (Place sender : from) {
        if (ways.size() >= LISTED_MAX) {
          more += to.stream().filter(place -> Reach.connected(sender, place)).count();
          continue;
        }
        for (Place receiver : to) {
          if (!Reach.connected(sender, receiver)) {
            continue;
          }
          if (ways.size() < LISTED_MAX) {
            Families families = Families.shared(sender, receiver);
            ways.add(new Way(sender, receiver, families, services));
          } else {
            more++;
          }
        }
      }
    }
  }
}
