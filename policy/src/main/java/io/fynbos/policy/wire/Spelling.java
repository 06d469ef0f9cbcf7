package io.fynbos.policy.wire;

/** Tells a slip of the pen from another word. */
final class Spelling {
  private static final int SLIPS_MAX = 2;
  private static final int LENGTH_MAX = 64;

  private Spelling() {}

  /** Whether at most two letters added, left out or changed make one word of the other. */
  static boolean close(String one, String other) {
    if (one.length() > LENGTH_MAX || Math.abs(one.length() - other.length()) > SLIPS_MAX) {
      return false;
    }
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()] <= SLIPS_MAX;
  }
}
