package io.fynbos.labs.bench;

import io.fynbos.labs.runner.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What was measured, row by row, and whether it reached its goal, which is the last column. */
public final class ResultTable {
  private final List<String> head;
  private final List<Row> rows = new ArrayList<>();

  private record Row(List<String> cells, Optional<Boolean> reached) {
    List<String> all() {
      List<String> all = new ArrayList<>(cells);
      all.add(reached.map(is -> is ? "yes" : "**no**").orElse(""));
      return all;
    }
  }

  /** A table with these columns before the last. */
  public ResultTable(List<String> columns) {
    this.head = new ArrayList<>(columns);
    this.head.add("reached");
  }

  /**
   * Adds a row.
   *
   * @param reached nothing when there is no goal
   */
  public void row(Optional<Boolean> reached, String... cells) {
    if (cells.length != head.size() - 1) {
      throw new IllegalArgumentException(
          "%d cells for %d columns".formatted(cells.length, head.size() - 1));
    }
    rows.add(new Row(List.of(cells), reached));
  }

  /** Whether every goal was reached. */
  public boolean reached() {
    return rows.stream().allMatch(row -> row.reached().orElse(true));
  }

  /** For a terminal. */
  public String text() {
    TextTable table =
        new TextTable(head.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
    rows.forEach(row -> table.row(row.all().toArray(String[]::new)));
    return table.toString();
  }

  /** For docs/benchmarks.md. */
  public String markdown() {
    StringBuilder text = new StringBuilder(line(head));
    text.append("|---".repeat(head.size())).append("|\n");
    rows.forEach(row -> text.append(line(row.all())));
    return text.toString();
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
