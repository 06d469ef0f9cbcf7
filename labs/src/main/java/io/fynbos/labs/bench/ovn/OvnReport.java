package io.fynbos.labs.bench.ovn;

import io.fynbos.labs.bench.ResultTable;
import io.fynbos.labs.bench.ovn.Trial.Measured;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

/** Both sides' figures beside each other, with the goals. */
final class OvnReport {
  private static final int SMALL = 100;
  private static final int MIDDLE = 1_000;
  private static final int LARGE = 10_000;
  private static final double FLAT_RATIO_MAX = 1.5;
  private static final double OF_NORMAL_MIN = 0.9;

  private final ResultTable table =
      new ResultTable(List.of("what", "endpoints", "Fynbos", "OVN", "ratio", "goal"));

  ResultTable table() {
    return table;
  }

  /** A part that could not be measured; it counts as a goal that was not reached. */
  void missing(String what, String why) {
    table.row(Optional.of(false), what, "", "not measured: " + why, "", "", "");
  }

  /** All rows of one size. */
  void size(int endpoints, Measured ours, Measured theirs) {
    row(
        "one rule changed → enforced (ours: barrier and revalidation; OVN's hv_cfg: barrier)",
        endpoints,
        ours.ruleMillis(),
        theirs.ruleMillis(),
        "ms",
        ruleRatioMax(endpoints));
    row(
        "one rule changed → both barriers answered",
        endpoints,
        ours.barrierMillis(),
        theirs.barrierMillis(),
        "ms",
        OptionalDouble.empty());
    row(
        "one rule put → first packet passes",
        endpoints,
        ours.rulePacketMillis(),
        theirs.rulePacketMillis(),
        "ms",
        OptionalDouble.empty());
    row(
        "joining a group → first packet passes",
        endpoints,
        ours.joinPacketMillis(),
        theirs.joinPacketMillis(),
        "ms",
        OptionalDouble.of(1));
    row(
        "… with a set of groups that nobody had",
        endpoints,
        ours.newJoinPacketMillis(),
        theirs.newJoinPacketMillis(),
        "ms",
        OptionalDouble.of(1));
    costs(endpoints, ours, theirs);
  }

  private void costs(int endpoints, Measured ours, Measured theirs) {
    row(
        "the whole network from empty",
        endpoints,
        ours.buildMillis(),
        theirs.buildMillis(),
        "ms",
        onlyLarge(endpoints, 0.2));
    row(
        "… CPU",
        endpoints,
        ours.buildCpuMillis(),
        theirs.buildCpuMillis(),
        "ms",
        onlyLarge(endpoints, 0.2));
    row(
        "CPU of one rule's change",
        endpoints,
        ours.changeCpuMillis(),
        theirs.changeCpuMillis(),
        "ms",
        onlyLarge(endpoints, 0.2));
    row(
        "resident memory of the control plane",
        endpoints,
        ours.residentMebibytes(),
        theirs.residentMebibytes(),
        "MiB",
        onlyLarge(endpoints, 1));
    row(
        "flows on a host",
        endpoints,
        (double) ours.flows(),
        (double) theirs.flows(),
        "",
        OptionalDouble.empty());
  }

  private static OptionalDouble ruleRatioMax(int endpoints) {
    return switch (endpoints) {
      case SMALL -> OptionalDouble.of(1);
      case MIDDLE -> OptionalDouble.of(0.2);
      case LARGE -> OptionalDouble.of(0.03);
      default -> OptionalDouble.empty();
    };
  }

  private static OptionalDouble onlyLarge(int endpoints, double ratioMax) {
    return endpoints == LARGE ? OptionalDouble.of(ratioMax) : OptionalDouble.empty();
  }

  private void row(
      String what,
      int endpoints,
      double ours,
      double theirs,
      String unit,
      OptionalDouble ratioMax) {
    double ratio = ours / theirs;
    table.row(
        ratioMax.isPresent() ? Optional.of(ratio <= ratioMax.getAsDouble()) : Optional.empty(),
        what,
        "%,d".formatted(endpoints),
        number(ours, unit),
        number(theirs, unit),
        ratio(ratio),
        ratioMax.isPresent() ? "≤ " + plain(ratioMax.getAsDouble()) : "");
  }

  /** How our own time for a rule grows from the smallest size to the largest. */
  void flatness(SortedMap<Integer, Measured> ours) {
    if (ours.size() < 2) {
      return;
    }
    List<Measured> bySize = List.copyOf(ours.values());
    Measured small = bySize.get(0);
    Measured large = bySize.get(bySize.size() - 1);
    double ratio = large.ruleMillis() / small.ruleMillis();
    table.row(
        Optional.of(ratio <= FLAT_RATIO_MAX),
        "one rule changed → enforced, Fynbos against itself",
        "%,d against %,d".formatted(ours.lastKey(), ours.firstKey()),
        number(large.ruleMillis(), "ms") + " against " + number(small.ruleMillis(), "ms"),
        "",
        ratio(ratio),
        "≤ " + plain(FLAT_RATIO_MAX));
  }

  /** Throughput and round trips between one pair of guests. */
  void throughput(String where, Throughput.Compared measured) {
    double ofOvn = measured.fynbos().gigabits() / measured.ovn().gigabits();
    double ofNormal = measured.fynbos().gigabits() / measured.normal().gigabits();
    table.row(
        Optional.of(ofOvn >= 1),
        "TCP, " + where,
        "",
        number(measured.fynbos().gigabits(), "Gb/s"),
        number(measured.ovn().gigabits(), "Gb/s"),
        ratio(ofOvn),
        "≥ 1");
    table.row(
        Optional.of(ofNormal >= OF_NORMAL_MIN),
        "TCP, " + where + ", against NORMAL",
        "",
        number(measured.fynbos().gigabits(), "Gb/s"),
        "NORMAL: " + number(measured.normal().gigabits(), "Gb/s"),
        ratio(ofNormal),
        "≥ " + plain(OF_NORMAL_MIN));
    table.row(
        Optional.empty(),
        "ping, " + where,
        "",
        number(measured.fynbos().roundTripMillis(), "ms"),
        "%s; NORMAL: %s"
            .formatted(
                number(measured.ovn().roundTripMillis(), "ms"),
                number(measured.normal().roundTripMillis(), "ms")),
        ratio(measured.fynbos().roundTripMillis() / measured.ovn().roundTripMillis()),
        "");
  }

  private static String number(double value, String unit) {
    String form = value >= 100 ? "%,.0f %s" : value >= 10 ? "%.1f %s" : "%.2f %s";
    return String.format(Locale.ROOT, form, value, unit).strip();
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, value < 0.1 ? "%.3f" : "%.2f", value);
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
