package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** What a dry run found, for a person. */
final class DryRunText {

  private DryRunText() {}

  static void print(PrintWriter out, JsonNode answer) {
    for (JsonNode object : answer.path("objects")) {
      out.printf(
          "%s %s would be %s%n",
          object.path("kind").asText(), object.path("name").asText(), object.path("did").asText());
    }
    JsonNode reach = answer.path("reach");
    ways(out, "+ would reach", reach.path("gained"));
    ways(out, "- would no longer reach", reach.path("lost"));
    more(out, reach.path("more").asLong(), "ways gained or lost");
    more(out, reach.path("unexamined").asLong(), "pairs of unlike endpoints, not worked out");
    for (JsonNode cut : answer.path("cut")) {
      out.printf(
          "! would cut %s → %s %s (on %s)%n",
          cut.path("from").asText(), cut.path("to").asText(), service(cut), text(cut, "host"));
    }
    more(out, answer.path("moreCut").asLong(), "connections cut");
    for (JsonNode host : answer.path("hosts")) {
      out.printf(
          "host %s: %d flows added, %d removed%n",
          text(host, "host"), host.path("added").asInt(), host.path("removed").asInt());
    }
    for (JsonNode host : answer.path("unread")) {
      out.printf(
          "host %s: its connections are not known: %s%n",
          host.asText(), answer.path("unreadReasons").path(host.asText()).asText());
    }
    out.println("nothing was changed; the state is at revision " + text(answer, "revision"));
  }

  private static void ways(PrintWriter out, String what, JsonNode ways) {
    for (JsonNode way : ways) {
      String families = text(way, "families");
      boolean both = families.contains(" ");
      out.printf(
          "%s: %s → %s %s%s%n",
          what,
          text(way, "from"),
          text(way, "to"),
          text(way, "services"),
          both ? "" : " (" + families + ")");
    }
  }

  private static void more(PrintWriter out, long count, String what) {
    if (count > 0) {
      out.println("… and " + count + " more " + what);
    }
  }

  private static String service(JsonNode cut) {
    String protocol = text(cut, "protocol");
    if (cut.has("destinationPort")) {
      return protocol + " " + text(cut, "sourcePort") + " → " + text(cut, "destinationPort");
    }
    return cut.has("type") ? protocol + "/" + text(cut, "type") : protocol;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }
}
