package io.fynbos.policy.image;

import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import org.pcollections.TreePMap;

/** Universes and their numbers. */
record Universes(
    TreePMap<UniverseName, Versioned<Universe>> all,
    TreePMap<UniverseName, UniverseNumber> numbers,
    TreePMap<UniverseNumber, Revision> resting,
    Runs<Integer> taken) {
  static final Universes EMPTY =
      new Universes(TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), Runs.ofNumbers());

  Universes put(Universe universe, UniverseNumber number, Revision revision) {
    UniverseNumber before = numbers.get(universe.name());
    if (before == null ? taken.contains(number.number()) : !before.equals(number)) {
      throw new IllegalStateException(
          "universe %s cannot have number %s: before %s"
              .formatted(universe.name(), number, before));
    }
    return new Universes(
        all.plus(universe.name(), new Versioned<>(universe, revision)),
        numbers.plus(universe.name(), number),
        resting,
        taken.plus(number.number()));
  }

  Universes delete(UniverseName name, Revision revision) {
    UniverseNumber number = Present.in(numbers, name);
    return new Universes(
        all.minus(name), numbers.minus(name), resting.plus(number, revision), taken);
  }

  Universes rest(UniverseNumber number, Revision revision) {
    if (taken.contains(number.number())) {
      throw new IllegalStateException("universe number %s is taken".formatted(number));
    }
    return new Universes(all, numbers, resting.plus(number, revision), taken.plus(number.number()));
  }

  Universes release(UniverseNumber number) {
    Present.in(resting, number);
    return new Universes(all, numbers, resting.minus(number), taken.minus(number.number()));
  }
}
