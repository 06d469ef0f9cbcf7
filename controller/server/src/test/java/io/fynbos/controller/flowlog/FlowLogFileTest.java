package io.fynbos.controller.flowlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowLogFileTest {
  private static final FlowLogFile.Limits SMALL = new FlowLogFile.Limits(100, 3);

  private final Gauges gauges = new Gauges();
  @TempDir private Path directory;

  /** Counts what is lost. */
  private static final class Gauges implements FlowLogGauges {
    private final Map<Loss, Long> lost = new EnumMap<>(Loss.class);

    @Override
    public void logged(String verdict) {}

    @Override
    public synchronized void dropped(Loss loss, long records) {
      lost.merge(loss, records, Long::sum);
    }

    synchronized long lost(Loss loss) {
      return lost.getOrDefault(loss, 0L);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private String text(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  @Test
  void theOldestFilesGoWhenTheLogHasGrown() throws IOException {
    try (FlowLogFile file = FlowLogFile.in(directory, SMALL, gauges)) {
      for (int i = 0; i < 8; i++) {
        file.append(("line " + i + " ").repeat(10) + "\n", 10);
      }
    }
    assertThat(names()).containsExactly("flow.jsonl", "flow.jsonl.1", "flow.jsonl.2");
    assertThat(text("flow.jsonl")).startsWith("line 7 ");
    assertThat(text("flow.jsonl.1")).startsWith("line 6 ");
    assertThat(text("flow.jsonl.2")).startsWith("line 5 ").hasSizeLessThanOrEqualTo(100);
    assertThat(gauges.lost(FlowLogGauges.Loss.FILE)).isZero();
  }

  @Test
  void aControllerThatRestartsGoesOnInTheSameFile() throws IOException {
    for (int i = 0; i < 2; i++) {
      try (FlowLogFile file = FlowLogFile.in(directory, SMALL, gauges)) {
        file.append("line " + i + "\n", 1);
      }
    }
    assertThat(text("flow.jsonl")).isEqualTo("line 0\nline 1\n");
  }

  @Test
  void whatCannotBeWrittenIsCountedAndToldOnceItCan() throws IOException {
    Path inTheWay = Files.createDirectory(directory.resolve("flow.jsonl"));
    try (FlowLogFile file = FlowLogFile.in(directory, SMALL, gauges)) {
      file.append("lost\n", 7);
      await().until(() -> gauges.lost(FlowLogGauges.Loss.FILE) == 7);
      Files.delete(inTheWay);
      file.append("kept\n", 1);
    }
    assertThat(text("flow.jsonl")).isEqualTo("{\"dropped\":7,\"where\":\"file\"}\nkept\n");
  }
}
