package io.fynbos.policy.image;

import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** A persistent map from keys to sorted sets of values; a key without values is not in it. */
record Index<K extends Comparable<K>, V extends Comparable<V>>(TreePMap<K, TreePSet<V>> sets) {
  static <K extends Comparable<K>, V extends Comparable<V>> Index<K, V> empty() {
    return new Index<K, V>(TreePMap.<K, TreePSet<V>>empty());
  }

  PSortedSet<V> of(K key) {
    TreePSet<V> set = sets.get(key);
    return set == null ? TreePSet.empty() : set;
  }

  Index<K, V> plus(K key, V value) {
    TreePSet<V> set = sets.get(key);
    TreePSet<V> next = set == null ? TreePSet.singleton(value) : set.plus(value);
    return new Index<>(sets.plus(key, next));
  }

  Index<K, V> minus(K key, V value) {
    TreePSet<V> set = sets.get(key);
    if (set == null) {
      return this;
    }
    TreePSet<V> next = set.minus(value);
    return new Index<>(next.isEmpty() ? sets.minus(key) : sets.plus(key, next));
  }
}
