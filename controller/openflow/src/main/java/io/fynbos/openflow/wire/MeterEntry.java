package io.fynbos.openflow.wire;

import java.util.List;

/** A meter (OpenFlow 1.5 §7.3.4.5): drops, or marks, what exceeds a rate. */
public record MeterEntry(int id, Unit unit, List<Band> bands) implements Comparable<MeterEntry> {
  /** What is counted. */
  public enum Unit {
    KILOBITS("kbps"),
    PACKETS("pktps");

    private final String text;

    Unit(String text) {
      this.text = text;
    }
  }

  /**
   * Drops above a rate, after a burst; both in the meter's unit (per second), a burst of 0 is
   * unset.
   */
  public record Band(int rate, int burst) {
    @Override
    public String toString() {
      return "type=drop rate=" + rate + (burst == 0 ? "" : " burst_size=" + burst);
    }
  }

  public MeterEntry {
    bands = List.copyOf(bands);
  }

  /** Drops packets above so many a second. */
  public static MeterEntry packetsPerSecond(int id, int rate, int burst) {
    return new MeterEntry(id, Unit.PACKETS, List.of(new Band(rate, burst)));
  }

  @Override
  public int compareTo(MeterEntry other) {
    return Integer.compareUnsigned(id, other.id);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("meter=").append(Integer.toUnsignedString(id));
    text.append(' ').append(unit.text);
    text.append(bands.stream().anyMatch(band -> band.burst() != 0) ? " burst" : "")
        .append(" bands=");
    bands.forEach(band -> text.append('\n').append(band));
    return text.toString();
  }
}
