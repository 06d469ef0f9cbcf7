package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code apply} and {@code delete} have in common: files in, one atomic change out. */
final class Change {

  /** How a dry run is printed. */
  enum Form {
    TEXT,
    JSON
  }

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      required = true,
      arity = "1..*",
      description = "A file or directory of documents in YAML or JSON; - is standard input.")
  private List<String> files = List.of();

  @Option(names = "--dry-run", description = "Tells what would change, and changes nothing.")
  private boolean dryRun;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How a dry run is printed.")
  private Form form = Form.TEXT;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      converter = DurationText.class,
      description = "Waits up to this long, such as 10s, until every host has applied it.")
  private Optional<Duration> wait = Optional.empty();

  int send(Api api, String path, PrintWriter out) {
    Sources sources = Sources.read(files, System.in);
    String query = dryRun ? "?dryRun=true" : "";
    JsonNode answer = api.post(path + query, sources.contentType(), sources.body());
    if (dryRun) {
      if (form == Form.JSON) {
        out.println(answer.toPrettyString());
      } else {
        DryRunText.print(out, answer);
      }
      out.flush();
      return 0;
    }
    for (JsonNode object : answer.path("objects")) {
      out.printf(
          "%s %s %s%n",
          object.path("kind").asText(), object.path("name").asText(), object.path("did").asText());
    }
    long revision = answer.path("revision").asLong();
    out.println("revision " + revision);
    out.flush();
    if (wait.isEmpty()) {
      return 0;
    }
    Applied applied = Applied.ask(api, revision, wait.get());
    if (!applied.applied()) {
      throw new ClientFailure(applied.sentence());
    }
    out.println(applied.sentence());
    return 0;
  }
}
