package io.fynbos.labs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.labs.cases.CaseRun;
import io.fynbos.labs.cases.CaseTable;
import io.fynbos.labs.runner.Progress;
import io.fynbos.labs.tidy.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every case of every specification, and every example of the guide, as real packets. */
@Tag("lab")
class CasesLabTest {
  @Test
  void packetsGoWhereTheTablesSay() throws IOException {
    Path root = SourceTree.root();
    List<CaseTable> tables;
    try (Stream<Path> specifications = Files.list(root.resolve("labs/cases"))) {
      tables =
          Stream.concat(specifications.sorted(), Stream.of(root.resolve("docs/policy.md")))
              .map(CaseTable::read)
              .toList();
    }
    CaseRun run = CaseRun.inLab(TestLabs.name("cases"), tables, new Progress(System.out));
    System.out.println(run.text());
    assertThat(run.differences()).as(run.text()).isZero();
  }
}
