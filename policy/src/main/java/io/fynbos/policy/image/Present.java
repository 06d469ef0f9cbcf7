package io.fynbos.policy.image;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks up what must be there: when it is not, that is a bug of whoever made the change. */
final class Present {
  private Present() {}

  static <K, V> V in(Map<K, V> map, K key) {
    @Nullable V value = map.get(key);
    if (value == null) {
      throw new IllegalStateException(key + " is not in the image");
    }
    return value;
  }
}
