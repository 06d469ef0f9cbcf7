package io.fynbos.policy.reach;

import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * The addresses of both families cut into atoms, along the prefixes that rules name. Prefixes are
 * nested or disjoint, so an atom is a prefix without the longer ones in it, and is named by it. All
 * addresses of an atom are in the same of the prefixes.
 */
final class Cuts {
  static final Prefix V4 = Prefix.parse("0.0.0.0/0");
  static final Prefix V6 = Prefix.parse("::/0");

  private final TreeSet<Prefix> prefixes = new TreeSet<>();
  private final Map<Prefix, Prefix> parents = new HashMap<>();
  private final Map<Prefix, List<Prefix>> children = new HashMap<>();

  Cuts(Collection<Prefix> along) {
    prefixes.addAll(along);
    prefixes.add(V4);
    prefixes.add(V6);
    List<Prefix> nest = new ArrayList<>();
    for (Prefix prefix : prefixes) {
      while (!nest.isEmpty() && !nest.get(nest.size() - 1).contains(prefix)) {
        nest.remove(nest.size() - 1);
      }
      if (!nest.isEmpty()) {
        Prefix parent = nest.get(nest.size() - 1);
        parents.put(prefix, parent);
        children.computeIfAbsent(parent, p -> new ArrayList<>()).add(prefix);
      }
      nest.add(prefix);
    }
  }

  /** The atom that the address is in. */
  Prefix around(IpAddress address) {
    return around(Prefix.of(address));
  }

  /** The longest of the prefixes that holds the other whole. */
  private Prefix around(Prefix other) {
    Prefix found = Objects.requireNonNull(prefixes.floor(other));
    while (!found.contains(other)) {
      found = Objects.requireNonNull(parents.get(found));
    }
    return found;
  }

  /** The atoms that a prefix has a part in. */
  List<Prefix> atomsOf(Prefix prefix) {
    if (prefix.single()) {
      return List.of(around(prefix));
    }
    List<Prefix> inside =
        List.copyOf(prefixes.subSet(prefix, true, Prefix.of(prefix.last()), true));
    if (inside.isEmpty()) {
      return List.of(around(prefix));
    }
    List<Prefix> atoms = new ArrayList<>();
    Prefix around = around(prefix);
    if (!around.equals(prefix) && !prefix.subtract(inside).isEmpty()) {
      atoms.add(around);
    }
    for (Prefix atom : inside) {
      if (!isEmpty(atom)) {
        atoms.add(atom);
      }
    }
    return atoms;
  }

  /** What of a prefix is in an atom: the fewest prefixes that hold just that. */
  List<Prefix> part(Prefix prefix, Prefix atom) {
    if (prefix.single()) {
      return List.of(prefix);
    }
    Prefix whole = prefix.contains(atom) ? atom : prefix;
    return whole.subtract(children.getOrDefault(atom, List.of()));
  }

  /** All atoms that have addresses. */
  List<Prefix> atoms() {
    return prefixes.stream().filter(atom -> !isEmpty(atom)).toList();
  }

  private boolean isEmpty(Prefix atom) {
    List<Prefix> inside = children.getOrDefault(atom, List.of());
    return !inside.isEmpty() && atom.subtract(inside).isEmpty();
  }
}
