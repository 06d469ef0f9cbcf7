package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = {
      "Prints objects.",
      "KIND is one of universes, groups, endpoints, policies, pools, hosts, bindings."
    },
    footer = {
      "",
      "Examples:",
      "  fynbos get universes",
      "  fynbos get endpoints -u blue",
      "  fynbos get policy blue/web-to-db -o yaml",
      "  fynbos get hosts -o json"
    })
final class GetCommand implements Callable<Integer> {

  private static final int PAGE = 1_000;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Connection connection = new Connection();

  @Parameters(index = "0", paramLabel = "KIND", description = "What to print.")
  private String kind = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "One object: a name, or universe/name.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = {"-u", "--universe"},
      paramLabel = "UNIVERSE",
      description = "Only what is in this universe.")
  private Optional<String> universe = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|yaml|json",
      defaultValue = "table",
      description = "How to print.")
  private Output.Form form = Output.Form.TABLE;

  @Override
  public Integer call() {
    Listed listed =
        Listed.of(kind)
            .orElseThrow(
                () ->
                    usage(
                        "there is no kind \""
                            + kind
                            + "\"; known are "
                            + String.join(", ", Listed.allNames())));
    if (listed.scope() == Listed.Scope.FABRIC
        && universe.isPresent()
        && !listed.path().equals("bindings")) {
      throw usage(listed.path() + " are not in a universe; leave -u out");
    }
    Api api = connection.api();
    print(listed, name.isPresent() ? one(api, listed) : all(api, listed));
    return 0;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private List<JsonNode> one(Api api, Listed listed) {
    String text = name.orElseThrow();
    Optional<String> in = universe;
    int slash = text.indexOf('/');
    if (slash >= 0) {
      String before = text.substring(0, slash);
      if (in.isPresent() && !in.get().equals(before)) {
        throw usage("the name says universe " + before + " and -u says " + in.get());
      }
      in = Optional.of(before);
      text = text.substring(slash + 1);
    }
    if (listed.path().equals("bindings")) {
      String wanted = in.map(u -> u + "/").orElse("") + text;
      List<JsonNode> found =
          all(api, listed).stream()
              .filter(binding -> binding.path("endpoint").asText().equals(wanted))
              .toList();
      if (found.isEmpty()) {
        throw new ClientFailure("there is no endpoint " + wanted);
      }
      return found;
    }
    if (in.isEmpty() && listed.scope() == Listed.Scope.UNIVERSE) {
      throw usage("give the universe too: universe/" + text + ", or -u UNIVERSE");
    }
    if (in.isPresent() && listed.scope() == Listed.Scope.FABRIC) {
      throw usage(listed.path() + " are not in a universe: " + name.orElseThrow());
    }
    return List.of(api.get(path(listed, in) + "/" + Output.encoded(text)));
  }

  private List<JsonNode> all(Api api, Listed listed) {
    List<JsonNode> items = new ArrayList<>();
    if (listed.path().equals("bindings")) {
      String filter = universe.map(u -> "&universe=" + Output.encoded(u)).orElse("");
      pages(api, "/v1/bindings", filter, items);
      return items;
    }
    if (universe.isPresent()) {
      pages(api, path(listed, universe), "", items);
      return items;
    }
    if (listed.scope() != Listed.Scope.UNIVERSE) {
      pages(api, path(listed, Optional.empty()), "", items);
    }
    if (listed.scope() != Listed.Scope.FABRIC) {
      List<JsonNode> universes = new ArrayList<>();
      pages(api, "/v1/universes", "", universes);
      for (JsonNode each : universes) {
        pages(api, path(listed, Optional.of(each.path("name").asText())), "", items);
      }
    }
    return items;
  }

  private static void pages(Api api, String path, String filter, List<JsonNode> items) {
    String after = "";
    while (true) {
      JsonNode page = api.get(path + "?limit=" + PAGE + filter + after);
      page.path("items").forEach(items::add);
      if (!page.has("next")) {
        return;
      }
      after = "&after=" + Output.encoded(page.path("next").asText());
    }
  }

  private static String path(Listed listed, Optional<String> universe) {
    String prefix = universe.map(u -> "/v1/universes/" + Output.encoded(u) + "/").orElse("/v1/");
    return prefix + listed.path();
  }

  private void print(Listed listed, List<JsonNode> items) {
    PrintWriter out = spec.commandLine().getOut();
    switch (form) {
      case TABLE -> Table.print(out, listed.columns(), items, Ansi.AUTO);
      case JSON -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode().addAll(items);
        out.println(name.isPresent() ? items.get(0).toPrettyString() : array.toPrettyString());
      }
      case YAML -> out.print(Output.yaml(items));
    }
  }
}
