package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "lint",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = {
      "Names rules that do nothing or contradict each other, and groups that nobody is in or uses.",
      "Exit status 1 when it finds something."
    },
    footer = {"", "Examples:", "  fynbos lint", "  fynbos lint -u blue -o json"})
final class LintCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Connection connection = new Connection();
  @Mixin private Output output = new Output();

  @Option(
      names = {"-u", "--universe"},
      paramLabel = "UNIVERSE",
      description = "Only this universe.")
  private Optional<String> universe = Optional.empty();

  @Override
  public Integer call() {
    String filter = universe.map(name -> "?universe=" + Output.encoded(name)).orElse("");
    JsonNode answer = connection.api().get("/v1/lint" + filter);
    output.print(spec.commandLine().getOut(), answer, out -> text(out, answer));
    return answer.path("findings").isEmpty() ? 0 : 1;
  }

  private static void text(PrintWriter out, JsonNode answer) {
    for (JsonNode finding : answer.path("findings")) {
      out.println(finding.path("type").asText() + ": " + finding.path("detail").asText());
    }
    if (answer.path("findings").isEmpty()) {
      out.println("nothing found");
    }
    if (!answer.path("unread").isEmpty()) {
      out.println(
          "hits are not known of hosts that were not read: "
              + Output.words(answer.path("unread"), ""));
    }
  }
}
