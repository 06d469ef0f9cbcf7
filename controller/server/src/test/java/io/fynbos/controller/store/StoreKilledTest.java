package io.fynbos.controller.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.core.Controller;
import io.fynbos.controller.core.NoGauges;
import io.fynbos.controller.core.Outcome;
import io.fynbos.controller.core.RandomIds;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.wire.Documents;
import io.fynbos.policy.wire.WireError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller that is killed while it writes loses nothing that it acknowledged. */
class StoreKilledTest {
  private static final int KILLS = 15;
  private static final int ACKNOWLEDGED_MAX = 60;

  @TempDir private Path directory;

  @Test
  void noAcknowledgedChangeIsLostAndNoneIsHalfThere() throws Exception {
    Random random = new Random(20);
    List<String> acknowledged = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      acknowledged.addAll(writeUntilKilled(kill, 1 + random.nextInt(ACKNOWLEDGED_MAX)));
      try (SqliteStore store = SqliteStore.open(directory, new SqliteStore.Limits(50, 100))) {
        Image image = store.read();
        for (String name : acknowledged) {
          assertThat(image.universes()).as("kill %d", kill).containsKey(new UniverseName(name));
        }
        for (UniverseName universe : image.universes().keySet()) {
          assertThat(image.groups())
              .as("kill %d", kill)
              .containsKey(GroupRef.of(universe.value(), "g"));
          assertThat(image.endpoints())
              .as("kill %d", kill)
              .containsKey(EndpointRef.of(universe.value(), "e"));
        }
      }
    }
    assertThat(acknowledged).hasSizeGreaterThan(KILLS);
  }

  /** Runs a writer until it has acknowledged this many changes, then kills it. */
  private List<String> writeUntilKilled(int run, int count) throws IOException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                directory.toString(),
                "r" + run)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> names = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.US_ASCII))) {
      String line = lines.readLine();
      while (line != null) {
        names.add(line);
        if (names.size() == count) {
          writer.toHandle().destroyForcibly();
        }
        line = lines.readLine();
      }
    }
    assertThat(names).as("what run %d acknowledged", run).hasSizeGreaterThanOrEqualTo(count);
    // The last line may be cut by the kill; then it was no acknowledgement.
    return names.stream().filter(name -> name.endsWith("z")).toList();
  }

  /** The process that is killed: makes changes for ever, several at once, and prints each name. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws WireError {
      SqliteStore store = SqliteStore.open(Path.of(args[0]), new SqliteStore.Limits(50, 100));
      Controller controller = new Controller(store, new RandomIds(), new NoGauges());
      controller.start();
      // It ends when nobody listens, should the test be killed itself.
      for (int i = 0; !System.out.checkError(); i += 4) {
        List<CompletableFuture<Outcome>> answers = new ArrayList<>();
        for (int j = i; j < i + 4; j++) {
          answers.add(controller.submit(change(args[1] + "-" + j + "z")));
        }
        for (int j = i; j < i + 4; j++) {
          answers.get(j - i).join();
          System.out.println(args[1] + "-" + j + "z");
        }
      }
      controller.close();
    }

    private static Command change(String name) throws WireError {
      String documents =
          """
          {kind: Universe, name: %s, prefixes: [10.0.0.0/16]}
          ---
          {kind: SecurityGroup, universe: %s, name: g}
          ---
          {kind: Endpoint, universe: %s, name: e, groups: [g]}
          """
              .formatted(name, name, name);
      return new Command.Batch(Documents.parse(documents.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
