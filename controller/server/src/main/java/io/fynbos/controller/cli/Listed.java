package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A kind of object as the user names it, where the API has it, and what a table shows of it.
 *
 * @param names what the user may say, the one for messages first
 * @param path of the collection; with a universe when {@code ofUniverse}
 * @param scope where it lives
 */
record Listed(List<String> names, String path, Scope scope, List<Column> columns) {

  /** Whether objects live in universes. */
  enum Scope {
    FABRIC,
    UNIVERSE,
    /** Both: policies. */
    EITHER
  }

  /** One column of the table. */
  record Column(String title, Function<JsonNode, String> value) {}

  private static final List<Listed> ALL =
      List.of(
          new Listed(
              List.of("universes", "universe"),
              "universes",
              Scope.FABRIC,
              List.of(
                  column("NAME", "name"),
                  column("PREFIXES", "prefixes"),
                  new Column("IN", n -> n.path("defaults").path("in").asText("deny")),
                  new Column("OUT", n -> n.path("defaults").path("out").asText("allow")),
                  new Column("KEEP", n -> n.path("keepEstablished").asText("false")),
                  new Column("INTERNET", n -> n.path("internet").asText("none")))),
          new Listed(
              List.of("groups", "group", "securitygroups", "securitygroup"),
              "groups",
              Scope.UNIVERSE,
              List.of(column("UNIVERSE", "universe"), column("NAME", "name"))),
          new Listed(
              List.of("endpoints", "endpoint"),
              "endpoints",
              Scope.UNIVERSE,
              List.of(
                  column("UNIVERSE", "universe"),
                  column("NAME", "name"),
                  column("ADDRESSES", "addresses"),
                  column("GROUPS", "groups"),
                  column("MAC", "mac"),
                  column("ID", "id"))),
          new Listed(
              List.of("policies", "policy"),
              "policies",
              Scope.EITHER,
              List.of(
                  new Column("UNIVERSE", n -> n.path("universe").asText("*")),
                  column("NAME", "name"),
                  column("TIER", "tier"),
                  new Column("ORDER", n -> n.path("order").asText("1000")),
                  new Column("APPLIES TO", Listed::appliesTo),
                  new Column("RULES", n -> Integer.toString(n.path("rules").size())))),
          new Listed(
              List.of("pools", "pool"),
              "pools",
              Scope.FABRIC,
              List.of(
                  column("NAME", "name"),
                  column("PREFIXES", "prefixes"),
                  column("SHARED", "shared"))),
          new Listed(
              List.of("hosts", "host"),
              "hosts",
              Scope.FABRIC,
              List.of(
                  column("NAME", "name"),
                  column("UNDERLAY", "underlay"),
                  column("DATAPATH", "datapathId"),
                  new Column("SWITCH", n -> yes(n, "connected", "connected", "unreachable")),
                  new Column("AGENT", n -> yes(n, "agent", "present", "absent")),
                  new Column("APPLIED", n -> n.path("status").path("applied").asText("-")),
                  new Column("FLOWS", n -> n.path("status").path("flows").asText("-")),
                  new Column("FAULT", n -> n.path("status").path("fault").asText("-")))),
          new Listed(
              List.of("bindings", "binding"),
              "bindings",
              Scope.FABRIC,
              List.of(
                  column("ENDPOINT", "endpoint"),
                  column("HOST", "host"),
                  column("PORT", "ofport"),
                  column("STATE", "state"),
                  column("ID", "id"))));

  static Optional<Listed> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return ALL.stream().filter(kind -> kind.names().contains(lower)).findFirst();
  }

  static List<String> allNames() {
    return ALL.stream().map(kind -> kind.names().get(0)).toList();
  }

  private static Column column(String title, String field) {
    return new Column(title, node -> text(node.path(field)));
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(element -> parts.add(element.asText()));
      return parts.isEmpty() ? "-" : String.join(",", parts);
    }
    return value.isMissingNode() || value.isNull() ? "-" : value.asText();
  }

  private static String appliesTo(JsonNode policy) {
    List<String> parts = new ArrayList<>();
    policy.path("appliesTo").path("universes").forEach(u -> parts.add(u.asText() + "/*"));
    policy.path("appliesTo").path("groups").forEach(g -> parts.add(g.asText()));
    return parts.isEmpty() ? "everyone" : String.join(",", parts);
  }

  private static String yes(JsonNode host, String field, String yes, String no) {
    return host.path("status").path(field).asBoolean() ? yes : no;
  }
}
