package io.fynbos.openflow.wire;

import java.util.Comparator;

/**
 * What makes a flow the same flow in a switch: table, priority and match. Higher priorities first.
 */
public record FlowKey(int table, int priority, Match match) implements Comparable<FlowKey> {
  private static final Comparator<FlowKey> ORDER =
      Comparator.comparingInt(FlowKey::table)
          .thenComparing(Comparator.comparingInt(FlowKey::priority).reversed())
          .thenComparing(FlowKey::match);

  @Override
  public int compareTo(FlowKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    String text = match.toString();
    return "table=" + table + ", priority=" + priority + (text.isEmpty() ? "" : "," + text);
  }
}
