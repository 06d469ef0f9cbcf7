package io.fynbos.policy.decide;

import io.fynbos.policy.model.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Things in a sentence: the first few by name, the others by number. */
final class Listing {
  private static final int NAMED_MAX = 3;

  private Listing() {}

  static String sentences(Collection<? extends ObjectKey> keys) {
    return of(keys.stream().limit(NAMED_MAX).map(ObjectKey::sentence).toList(), keys.size());
  }

  static String of(Collection<?> things) {
    return of(things.stream().limit(NAMED_MAX).map(Object::toString).toList(), things.size());
  }

  private static String of(List<String> first, int size) {
    int others = size - first.size();
    if (others > 0) {
      return String.join(", ", first) + " and %d more".formatted(others);
    }
    if (size < 2) {
      return String.join("", first);
    }
    String before = first.stream().limit(size - 1L).collect(Collectors.joining(", "));
    return before + " and " + first.get(size - 1);
  }
}
