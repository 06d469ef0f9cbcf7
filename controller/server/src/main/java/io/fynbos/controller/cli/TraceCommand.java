package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = {
      "Says whether a packet passes and why: by the rules, and by the tables of the live switches.",
      "Exit status 1 when the two do not agree."
    },
    footer = {
      "",
      "Examples:",
      "  fynbos trace blue/web1 blue/db1 tcp/5432",
      "  fynbos trace blue/web1 blue/db1 icmp/8 --reply",
      "  fynbos trace 10.0.1.10 10.0.2.10 udp/53 -u blue"
    })
final class TraceCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Connection connection = new Connection();
  @Mixin private Output output = new Output();

  @Parameters(index = "0", paramLabel = "FROM", description = "An endpoint, or an address.")
  private String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "An endpoint, or an address.")
  private String to = "";

  @Parameters(
      index = "2",
      paramLabel = "SERVICE",
      description = "Such as tcp/5432, udp/53, icmp/8, icmpv6/128 or proto/47.")
  private String service = "";

  @Option(
      names = "--source-port",
      paramLabel = "PORT",
      description = "The port it comes from (40000).")
  private Optional<Integer> sourcePort = Optional.empty();

  @Option(
      names = "--reply",
      description = "Traces the answer of TO to FROM, of a connection that was let through.")
  private boolean reply;

  @Option(
      names = {"-u", "--universe"},
      paramLabel = "UNIVERSE",
      description = "Where the addresses are, when neither end says.")
  private Optional<String> universe = Optional.empty();

  @Override
  public Integer call() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("from", from).put("to", to).put("service", service).put("reply", reply);
    sourcePort.ifPresent(port -> body.put("sourcePort", port));
    universe.ifPresent(name -> body.put("universe", name));
    JsonNode answer =
        connection
            .api()
            .post(
                "/v1/trace", "application/json", body.toString().getBytes(StandardCharsets.UTF_8));
    output.print(spec.commandLine().getOut(), answer, out -> text(out, answer));
    boolean differs = answer.has("agrees") && !answer.path("agrees").asBoolean();
    return differs ? 1 : 0;
  }

  private static void text(PrintWriter out, JsonNode answer) {
    out.println(answer.path("packet").asText());
    out.println("verdict: " + answer.path("verdict").asText());
    out.println();
    out.println("by the rules:");
    JsonNode model = answer.path("model");
    if (model.has("reason")) {
      out.println("  " + model.path("reason").asText());
    }
    for (JsonNode judgement : model.path("judgements")) {
      out.printf(
          "  %s of %s: %s%s%n",
          judgement.path("direction").asText(),
          judgement.path("endpoint").asText(),
          judgement.path("action").asText(),
          judgement.path("byDefault").asBoolean() ? ", by default" : "");
      for (JsonNode rule : judgement.path("rules")) {
        out.printf(
            "    %s rule %d (tier %s, order %d): %s%s%n",
            rule.path("policy").asText(),
            rule.path("rule").asInt(),
            rule.path("tier").asText(),
            rule.path("order").asInt(),
            rule.path("text").asText(),
            rule.path("decisive").asBoolean() ? "" : ", outdone");
      }
    }
    for (JsonNode hop : answer.path("live")) {
      hop(out, hop);
    }
    out.println();
    if (answer.has("agrees")) {
      out.println(
          answer.path("agrees").asBoolean()
              ? "the rules and the switches agree"
              : "the rules and the switches DO NOT agree");
    }
    if (answer.has("note")) {
      out.println(answer.path("note").asText());
    }
  }

  private static void hop(PrintWriter out, JsonNode hop) {
    out.println();
    String host = hop.path("host").asText() + ", the " + hop.path("role").asText() + "'s host";
    if (hop.has("unread")) {
      out.println("on " + host + ": not read, " + hop.path("unread").asText());
      return;
    }
    out.println("on " + host + ": " + hop.path("result").asText());
    for (JsonNode table : hop.path("tables")) {
      String match =
          table.path("miss").asBoolean()
              ? "no flow matches"
              : "priority " + table.path("priority").asInt() + " " + table.path("match").asText();
      out.printf(
          "  %3d %-17s %s%s%n",
          table.path("table").asInt(), table.path("name").asText(), match.strip(), origin(table));
    }
  }

  private static String origin(JsonNode table) {
    if (table.has("policy")) {
      return "  ← %s rule %d: %s"
          .formatted(
              table.path("policy").asText(),
              table.path("rule").asInt(),
              table.path("for").asText());
    }
    return table.has("for") ? "  ← " + table.path("for").asText() : "";
  }
}
