package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "reach",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = "Prints who can talk to whom in a universe, on what.",
    footer = {
      "",
      "Examples:",
      "  fynbos reach -u blue",
      "  fynbos reach -u blue --to db1",
      "  fynbos reach -u blue --from group:web --to group:db -o json"
    })
final class ReachCommand implements Callable<Integer> {

  private static final List<Listed.Column> GROUPS =
      List.of(
          new Listed.Column("FROM GROUPS", way -> Output.words(way.path("from"), "(none)")),
          new Listed.Column("TO GROUPS", way -> Output.words(way.path("to"), "(none)")),
          new Listed.Column("SERVICES", ReachCommand::services));

  private static final List<Listed.Column> ENDPOINTS =
      List.of(
          new Listed.Column("FROM", way -> way.path("from").asText()),
          new Listed.Column("TO", way -> way.path("to").asText()),
          new Listed.Column("FAMILIES", way -> way.path("families").asText()),
          new Listed.Column("SERVICES", way -> way.path("services").asText()));

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Connection connection = new Connection();
  @Mixin private Output output = new Output();

  @Option(
      names = {"-u", "--universe"},
      required = true,
      paramLabel = "UNIVERSE",
      description = "Whose reach.")
  private String universe = "";

  @Option(
      names = "--from",
      paramLabel = "ENDPOINT|group:NAME",
      description = "Only from this endpoint, or from members of this group.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "ENDPOINT|group:NAME",
      description = "Only to this endpoint, or to members of this group.")
  private Optional<String> to = Optional.empty();

  @Option(names = "--audit", description = "As if the rules that are on trial were in force.")
  private boolean audit;

  @Override
  public Integer call() {
    StringBuilder path = new StringBuilder("/v1/reach?universe=" + Output.encoded(universe));
    from.ifPresent(end -> path.append("&from=").append(Output.encoded(end)));
    to.ifPresent(end -> path.append("&to=").append(Output.encoded(end)));
    if (audit) {
      path.append("&audit=true");
    }
    JsonNode answer = connection.api().get(path.toString());
    output.print(spec.commandLine().getOut(), answer, out -> table(out, answer));
    return 0;
  }

  private static void table(PrintWriter out, JsonNode answer) {
    if (answer.path("endpoints").isEmpty()) {
      out.println("nobody there can open anything");
      return;
    }
    Table.print(out, GROUPS, list(answer.path("groups")), Ansi.AUTO);
    out.println();
    Table.print(out, ENDPOINTS, list(answer.path("endpoints")), Ansi.AUTO);
    long more = answer.path("more").asLong();
    if (more > 0) {
      out.println("… and " + more + " more; name an end with --from or --to");
    }
  }

  /** What every pair of the two may open, and what only some may. */
  private static String services(JsonNode way) {
    String every = way.path("services").asText();
    String some = way.path("some").asText();
    return every.equals(some) ? every : every + " (some: " + some + ")";
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> items = new ArrayList<>();
    array.forEach(items::add);
    return items;
  }
}
