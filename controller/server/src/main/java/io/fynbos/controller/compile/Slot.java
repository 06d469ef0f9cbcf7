package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Table;
import java.util.Comparator;

/** Where rules of one tier, direction, order and action stand: they are one set. */
record Slot(Table table, int priority) implements Comparable<Slot> {
  private static final Comparator<Slot> ORDER =
      Comparator.comparing(Slot::table).thenComparing(Slot::priority, Comparator.reverseOrder());

  @Override
  public int compareTo(Slot other) {
    return ORDER.compare(this, other);
  }

  @Override
  public int hashCode() {
    return table.id() << 16 ^ priority;
  }
}
