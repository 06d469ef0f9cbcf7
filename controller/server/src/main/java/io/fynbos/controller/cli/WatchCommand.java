package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = "Prints every change as it is made, until interrupted.",
    footer = {"", "Examples:", "  fynbos watch", "  fynbos watch --since 0 -o json"})
final class WatchCommand implements Callable<Integer> {

  /** How changes are printed. */
  enum Form {
    LINE,
    JSON
  }

  private static final int PAUSE_MILLIS = 500;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Connection connection = new Connection();

  @Option(
      names = "--since",
      paramLabel = "N",
      description = "Begins after this revision; without it, with the next change.")
  private OptionalLong since = OptionalLong.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "line|json",
      defaultValue = "line",
      description = "One line for each change, or its JSON.")
  private Form form = Form.LINE;

  @Override
  public Integer call() {
    Api api = connection.api();
    long seen =
        since.isPresent()
            ? since.getAsLong()
            : api.get("/v1/revisions/latest").path("revision").asLong();
    boolean first = true;
    while (true) {
      try {
        seen = follow(api, seen);
        first = false;
      } catch (IOException e) {
        if (first) {
          throw api.unreachable(e);
        }
      }
      pause();
    }
  }

  /** Prints one connection's worth of changes and returns the last revision printed whole. */
  private long follow(Api api, long since) throws IOException {
    long seen = since;
    PrintWriter out = spec.commandLine().getOut();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                api.stream("/v1/watch?since=" + since), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id:")) {
          seen = Long.parseLong(line.substring(3).strip());
        } else if (line.startsWith("data:")) {
          print(out, line.substring(5).strip());
        }
      }
    } catch (IOException e) {
      if (seen == since) {
        throw e;
      }
    }
    return seen;
  }

  private void print(PrintWriter out, String data) throws IOException {
    if (form == Form.JSON) {
      out.println(data);
    } else {
      JsonNode change = Api.JSON.readTree(data);
      out.printf(
          "%d %s %s %s%n",
          change.path("revision").asLong(),
          change.path("change").asText(),
          change.path("kind").asText(),
          change.path("name").asText());
    }
    out.flush();
  }

  private static void pause() {
    try {
      java.util.concurrent.TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientFailure("interrupted");
    }
  }
}
