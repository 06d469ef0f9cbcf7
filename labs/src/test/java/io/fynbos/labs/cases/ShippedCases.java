package io.fynbos.labs.cases;

import io.fynbos.labs.tidy.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The tables that come with the sources. */
final class ShippedCases {
  private ShippedCases() {}

  /** Those of public specifications. */
  static List<CaseTable> specifications() {
    try (var files = Files.list(SourceTree.root().resolve("labs/cases"))) {
      return files.sorted().map(CaseTable::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The examples of the guide for tenants. */
  static CaseTable guide() {
    return CaseTable.read(SourceTree.root().resolve("docs/policy.md"));
  }

  static List<CaseTable> tables() {
    List<CaseTable> all = new ArrayList<>(specifications());
    all.add(guide());
    return all;
  }
}
