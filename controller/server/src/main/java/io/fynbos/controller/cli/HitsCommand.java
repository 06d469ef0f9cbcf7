package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "hits",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = "Prints how often rules were hit, as of a second ago at most.",
    footer = {"", "Examples:", "  fynbos hits -u blue", "  fynbos hits blue/web-to-db -o json"})
final class HitsCommand implements Callable<Integer> {

  private static final int PAGE = 1_000;

  private static final List<Listed.Column> COLUMNS =
      List.of(
          new Listed.Column("POLICY", rule -> rule.path("policy").asText()),
          new Listed.Column("RULE", rule -> rule.path("rule").asText()),
          new Listed.Column("PACKETS", rule -> rule.path("packets").asText()),
          new Listed.Column("BYTES", rule -> rule.path("bytes").asText()),
          new Listed.Column("LAST HIT", rule -> rule.path("lastHit").asText("never")),
          new Listed.Column("WOULD DIFFER", rule -> rule.at("/audit/packets").asText("-")),
          new Listed.Column("SAYS", rule -> rule.path("text").asText()));

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Connection connection = new Connection();
  @Mixin private Output output = new Output();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "POLICY",
      description = "One policy: universe/name, or name for a fabric-wide one.")
  private Optional<String> policy = Optional.empty();

  @Option(
      names = {"-u", "--universe"},
      paramLabel = "UNIVERSE",
      description = "Only policies of this universe.")
  private Optional<String> universe = Optional.empty();

  @Override
  public Integer call() {
    Api api = connection.api();
    JsonNode answer = policy.isPresent() ? one(api, policy.get()) : all(api);
    output.print(spec.commandLine().getOut(), answer, out -> table(out, answer));
    return 0;
  }

  private JsonNode one(Api api, String name) {
    int slash = name.indexOf('/');
    Optional<String> in = slash < 0 ? universe : Optional.of(name.substring(0, slash));
    String own = Output.encoded(name.substring(slash + 1));
    JsonNode found =
        api.get(
            in.map(u -> "/v1/universes/" + Output.encoded(u)).orElse("/v1")
                + "/policies/"
                + own
                + "/hits");
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.putArray("items").add(found);
    answer.set("unread", found.path("unread"));
    return answer;
  }

  private JsonNode all(Api api) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode items = answer.putArray("items");
    String filter = universe.map(u -> "&universe=" + Output.encoded(u)).orElse("");
    String after = "";
    while (true) {
      JsonNode page = api.get("/v1/hits?limit=" + PAGE + filter + after);
      page.path("items").forEach(items::add);
      answer.set("unread", page.path("unread"));
      if (!page.has("next")) {
        return answer;
      }
      after = "&after=" + Output.encoded(page.path("next").asText());
    }
  }

  private static void table(PrintWriter out, JsonNode answer) {
    List<JsonNode> rows = new ArrayList<>();
    for (JsonNode item : answer.path("items")) {
      for (JsonNode rule : item.path("rules")) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.setAll((ObjectNode) rule);
        rows.add(row.put("policy", item.path("policy").asText()));
      }
    }
    Table.print(out, COLUMNS, rows, Ansi.AUTO);
    if (!answer.path("unread").isEmpty()) {
      out.println(
          "without the newest of hosts that were not read: "
              + Output.words(answer.path("unread"), ""));
    }
  }
}
