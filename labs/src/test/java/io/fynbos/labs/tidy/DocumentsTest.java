package io.fynbos.labs.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.Flag;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What the documents list must be what the code has. */
class DocumentsTest {
  @Test
  void theArchitectureNamesEveryTableAndEveryRegister() throws IOException {
    String text = read("docs/architecture.md");

    assertThat(Table.values())
        .allMatch(table -> row(text, "\\| [\\d, ]*\\b" + table.id() + "\\b.*\\b" + table + "\\b"));
    assertThat(Register.values())
        .allMatch(register -> row(text, "\\| reg\\d.*\\b" + register + "\\b.*"));
  }

  @Test
  void theArchitectureListsAsManyFlagsAndKindsOfCookieAsThereAre() throws IOException {
    String text = read("docs/architecture.md");

    assertThat(Flag.values())
        .allMatch(flag -> text.contains("0x" + Integer.toHexString(flag.mask())));
    assertThat(text.lines().filter(line -> line.startsWith("| `0x01")))
        .hasSameSizeAs(Cookie.Kind.values());
  }

  private static boolean row(String text, String pattern) {
    return Arrays.stream(text.split("\n")).anyMatch(line -> line.matches(pattern + ".*"));
  }

  private static String read(String document) throws IOException {
    return Files.readString(SourceTree.root().resolve(document));
  }
}
