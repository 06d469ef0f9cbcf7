package io.fynbos.controller.compile;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The hosts of an image, numbered from nought, so that sets of them are sets of bits. */
final class Hosts {
  private final Map<HostName, Integer> numbers = new HashMap<>();
  private final List<HostName> names = new ArrayList<>();

  Hosts(Image image) {
    for (HostName host : image.hosts().keySet()) {
      numbers.put(host, names.size());
      names.add(host);
    }
  }

  /** The host's number; empty when the image does not have it. */
  OptionalInt number(HostName host) {
    Integer number = numbers.get(host);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** All of them, by number. */
  List<HostName> names() {
    return names;
  }

  /** Adds those of the hosts that the image has. */
  void add(Collection<HostName> hosts, BitSet into) {
    for (HostName host : hosts) {
      number(host).ifPresent(into::set);
    }
  }

  /** The names of a set of them. */
  Set<HostName> named(BitSet set) {
    Set<HostName> found = new LinkedHashSet<>();
    set.stream().forEach(number -> found.add(names.get(number)));
    return found;
  }
}
