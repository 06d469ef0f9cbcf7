package io.fynbos.policy.reach;

import java.util.Arrays;

/** A growing map from non-negative longs to non-negative ints, without an object for each. */
final class LongIntMap {
  static final int ABSENT = -1;
  private static final long FREE = -1;
  private static final int CAPACITY_MIN = 1024;

  private long[] keys = new long[CAPACITY_MIN];
  private int[] values = new int[CAPACITY_MIN];
  private int size;

  LongIntMap() {
    Arrays.fill(keys, FREE);
  }

  /** The value of the key, or {@link #ABSENT}. */
  int get(long key) {
    int at = slot(keys, key);
    return keys[at] == key ? values[at] : ABSENT;
  }

  void put(long key, int value) {
    if (2 * size >= keys.length) {
      grow();
    }
    int at = slot(keys, key);
    size += keys[at] == key ? 0 : 1;
    keys[at] = key;
    values[at] = value;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new int[2 * oldKeys.length];
    Arrays.fill(keys, FREE);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE) {
        int at = slot(keys, oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }

  /** Where the key is, or where it would go. */
  private static int slot(long[] keys, long key) {
    long mixed = key * 0x9e3779b97f4a7c15L;
    int mask = keys.length - 1;
    int at = (int) (mixed >>> 32) & mask;
    while (keys[at] != FREE && keys[at] != key) {
      at = at + 1 & mask;
    }
    return at;
  }
}
