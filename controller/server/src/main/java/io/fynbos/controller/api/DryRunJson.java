package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.controller.dryrun.Cut;
import io.fynbos.controller.dryrun.DryRun;
import io.fynbos.controller.rules.RuleText;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.reach.ReachChange;
import io.fynbos.policy.reach.Way;
import io.fynbos.policy.verdict.Transport;
import java.util.List;

/** What a dry run found, as the API tells it. */
final class DryRunJson {

  /** Changes that are told; of more only how many. */
  static final int CHANGES_MAX = 1_000;

  private DryRunJson() {}

  static void put(DryRun.Accepted found, ObjectNode answer) {
    List<Change> changes = found.changes();
    ArrayNode told = answer.putArray("changes");
    changes.stream().limit(CHANGES_MAX).forEach(change -> told.add(ChangeEvents.json(change)));
    answer.put("moreChanges", Math.max(0, changes.size() - CHANGES_MAX));
    ArrayNode hosts = answer.putArray("hosts");
    found
        .deltas()
        .forEach(
            (host, delta) -> {
              if (!delta.isEmpty()) {
                ObjectNode node = hosts.addObject().put("host", host.value());
                node.put("added", delta.put().size()).put("removed", delta.removed().size());
              }
            });
    reach(found.reach(), answer.putObject("reach"));
    ArrayNode cut = answer.putArray("cut");
    found.cut().forEach(one -> cut(one, cut.addObject()));
    answer.put("moreCut", found.moreCut());
    ArrayNode unread = answer.putArray("unread");
    ObjectNode reasons = Json.object();
    found
        .unread()
        .forEach(
            (host, reason) -> {
              unread.add(host.value());
              reasons.put(host.value(), reason);
            });
    answer.set("unreadReasons", reasons);
  }

  private static void reach(ReachChange change, ObjectNode node) {
    ways(change.gained(), node.putArray("gained"));
    ways(change.lost(), node.putArray("lost"));
    node.put("more", change.more()).put("unexamined", change.unexamined());
  }

  static void ways(List<Way> ways, ArrayNode array) {
    ways.forEach(way -> way(way, array.addObject()));
  }

  static void way(Way way, ObjectNode node) {
    node.put("from", way.from().toString()).put("to", way.to().toString());
    node.put("services", way.services().toString()).put("families", way.families().text());
  }

  private static void cut(Cut cut, ObjectNode node) {
    node.put("universe", cut.universe().value());
    String source = cut.connection().source().toString();
    String destination = cut.connection().destination().toString();
    node.put("from", cut.from().map(Object::toString).orElse(source));
    node.put("to", cut.to().map(Object::toString).orElse(destination));
    node.put("source", source).put("destination", destination);
    Transport transport = cut.connection().transport();
    node.put("protocol", RuleText.protocol(transport.protocol()));
    if (transport instanceof Transport.Ports ports) {
      node.put("sourcePort", ports.source()).put("destinationPort", ports.destination());
    } else if (transport instanceof Transport.Icmp icmp) {
      node.put("type", icmp.type()).put("code", icmp.code());
    }
    node.put("host", cut.host().value());
  }
}
