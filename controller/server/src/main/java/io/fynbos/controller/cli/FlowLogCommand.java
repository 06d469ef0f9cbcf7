package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "flow-log",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = "Prints the newest packets that rules with `log: true` decided.",
    footer = {"", "Examples:", "  fynbos flow-log", "  fynbos flow-log -u blue -f -o json"})
final class FlowLogCommand implements Callable<Integer> {

  /** How packets are printed. */
  enum Form {
    LINE,
    JSON
  }

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Connection connection = new Connection();

  @Option(
      names = {"-u", "--universe"},
      paramLabel = "UNIVERSE",
      description = "Only packets of this universe.")
  private Optional<String> universe = Optional.empty();

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on with what comes, until interrupted.")
  private boolean follow;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "line|json",
      defaultValue = "line",
      description = "One line for each packet, or its JSON.")
  private Form form = Form.LINE;

  @Override
  public Integer call() {
    Api api = connection.api();
    String path =
        "/v1/flow-log?follow="
            + follow
            + universe.map(name -> "&universe=" + Output.encoded(name)).orElse("");
    PrintWriter out = spec.commandLine().getOut();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(api.stream(path), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data:")) {
          print(out, line.substring(5).strip());
        }
      }
    } catch (IOException e) {
      throw api.unreachable(e);
    }
    if (follow) {
      throw new ClientFailure("the controller ended the stream");
    }
    return 0;
  }

  private void print(PrintWriter out, String data) throws IOException {
    out.println(form == Form.JSON ? data : line(Api.JSON.readTree(data)));
    out.flush();
  }

  private static String line(JsonNode record) {
    if (record.has("dropped")) {
      String where = record.has("host") ? "host " + text(record, "host") : "this reader";
      return "… " + text(record, "dropped") + " dropped by " + where;
    }
    List<String> parts = new ArrayList<>();
    parts.add(text(record, "time"));
    parts.add(text(record, "verdict"));
    parts.add(end(record, "from", "source") + " → " + end(record, "to", "destination"));
    parts.add(service(record));
    for (JsonNode rule : record.path("rules")) {
      parts.add(
          rule.has("policy")
              ? text(rule, "policy") + " rule " + text(rule, "rule")
              : "rule number " + text(rule, "number"));
    }
    parts.add(text(record, "bytes") + " bytes");
    parts.add("on " + text(record, "host"));
    return String.join("  ", parts);
  }

  private static String end(JsonNode record, String name, String address) {
    return record.has(name)
        ? text(record, name) + " (" + text(record, address) + ")"
        : text(record, address);
  }

  private static String service(JsonNode record) {
    String protocol = text(record, "protocol");
    if (record.has("destinationPort")) {
      return protocol + " " + text(record, "sourcePort") + "→" + text(record, "destinationPort");
    }
    return record.has("type") ? protocol + "/" + text(record, "type") : protocol;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }
}
