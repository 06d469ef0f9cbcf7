package io.fynbos.labs.bench;

import io.fynbos.labs.runner.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What was measured, row by row, with what is to be reached beside it. */
final class BenchTable {
  private final List<Row> rows = new ArrayList<>();

  private record Row(String what, String measured, String goal) {}

  void row(String what, String measured, String goal) {
    rows.add(new Row(what, measured, goal));
  }

  /** Percentiles of a histogram of microseconds. */
  void row(String what, Histogram micros, String goal) {
    row(
        what,
        "p50 %s, p99 %s (%d times)"
            .formatted(
                millis(micros.getValueAtPercentile(50)),
                millis(micros.getValueAtPercentile(99)),
                micros.getTotalCount()),
        goal);
  }

  static String millis(long micros) {
    return String.format(Locale.ROOT, "%.1f ms", micros / 1e3);
  }

  /** For a terminal. */
  String text() {
    TextTable table = new TextTable(List.of("WHAT", "MEASURED", "TO REACH"));
    rows.forEach(row -> table.row(row.what(), row.measured(), row.goal()));
    return table.toString();
  }

  /** For docs/benchmarks.md. */
  String markdown() {
    StringBuilder text = new StringBuilder("| what | measured | to reach |\n|---|---|---|\n");
    rows.forEach(
        row ->
            text.append("| ")
                .append(row.what())
                .append(" | ")
                .append(row.measured())
                .append(" | ")
                .append(row.goal())
                .append(" |\n"));
    return text.toString();
  }
}
