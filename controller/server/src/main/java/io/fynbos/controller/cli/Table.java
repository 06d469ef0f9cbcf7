package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** Rows in columns that are as wide as they need to be. */
final class Table {

  private Table() {}

  static void print(PrintWriter out, List<Listed.Column> columns, List<JsonNode> items, Ansi ansi) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(columns.stream().map(Listed.Column::title).toList());
    for (JsonNode item : items) {
      rows.add(columns.stream().map(column -> column.value().apply(item)).toList());
    }
    int[] widths = new int[columns.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    boolean head = true;
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        boolean last = i == widths.length - 1;
        String cell = row.get(i);
        line.append(cell);
        if (!last) {
          line.append(" ".repeat(widths[i] - cell.length() + 2));
        }
      }
      out.println(head ? ansi.string("@|bold " + line + "|@") : line.toString());
      head = false;
    }
  }
}
