package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.reconcile.HostStatus;
import io.fynbos.controller.reconcile.Progress;
import io.fynbos.controller.trace.Ends;
import io.fynbos.controller.trace.LiveHop;
import io.fynbos.controller.trace.LiveTrace;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Verdict;
import io.fynbos.policy.wire.TraceForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What becomes of a packet and why: by the model, rule by rule, and by the switches, table by
 * table, and whether the two agree.
 */
final class TraceRoutes {

  private final Controller controller;
  private final Progress progress;
  private final LiveTrace live;
  private final Bodies bodies;

  TraceRoutes(Controller controller, Progress progress, LiveTrace live, Bodies bodies) {
    this.controller = controller;
    this.progress = progress;
    this.live = live;
    this.bodies = bodies;
  }

  List<Route> routes() {
    return List.of(Route.post("/v1/trace", Set.of(), this::trace));
  }

  /** A packet that was found, and what the model says of it. */
  private record Judged(Image image, Ends ends, boolean reply, Verdict verdict) {}

  private CompletionStage<HttpResponse> trace(Request request) {
    return bodies
        .json(request, body -> judged(controller.image(), TraceForm.read(body)))
        .thenCompose(
            judged ->
                live.ask(judged.image(), judged.ends(), judged.reply())
                    .thenApplyAsync(
                        hops -> Answers.json(json(judged, hops)), request.context().eventLoop()));
  }

  private static Judged judged(Image image, TraceForm.Asked asked) {
    try {
      Ends ends = Ends.of(image, asked);
      Verdict verdict =
          asked.reply()
              ? Oracle.judgeReply(image, ends.packet())
              : Oracle.judge(image, ends.packet());
      return new Judged(image, ends, asked.reply(), verdict);
    } catch (Ends.Unknown e) {
      String detail = String.valueOf(e.getMessage());
      throw (e.absent()
              ? Problem.at(422, "not-found", e.field(), detail)
              : Problem.at(400, "bad-value", e.field(), detail))
          .refused();
    }
  }

  private ObjectNode json(Judged judged, List<LiveHop> hops) {
    ObjectNode answer = Json.object().put("revision", judged.image().revision().number());
    answer.put("packet", judged.ends().packet().toString()).put("reply", judged.reply());
    answer.put("verdict", VerdictJson.word(judged.verdict()));
    answer.set("model", VerdictJson.of(judged.image(), judged.verdict()));
    if (!judged.reply() && !judged.image().auditingPolicies().isEmpty()) {
      Verdict staged = Oracle.judgeStaged(judged.image(), judged.ends().packet());
      answer.set("audit", VerdictJson.of(judged.image(), staged));
    }
    ArrayNode live = answer.putArray("live");
    hops.forEach(hop -> live.add(json(hop)));
    Optional<String> result = result(judged.ends(), hops);
    boolean agrees = result.equals(Optional.of(VerdictJson.word(judged.verdict())));
    result.ifPresent(known -> answer.put("agrees", agrees));
    note(judged, hops, result, agrees).ifPresent(text -> answer.put("note", text));
    return answer;
  }

  /** What the switches make of it together, in the model's words; empty when that is not known. */
  private static Optional<String> result(Ends ends, List<LiveHop> hops) {
    boolean known =
        ends.sender().isPresent()
            && !hops.isEmpty()
            && hops.get(0).role() == LiveHop.Role.SENDER
            && hops.get(0).result().isPresent();
    if (!known) {
      return Optional.empty();
    }
    LiveHop.Result first = hops.get(0).result().get();
    if (first != LiveHop.Result.FORWARDED) {
      return Optional.of(word(first));
    }
    return hops.size() < 2 ? Optional.empty() : hops.get(1).result().map(TraceRoutes::word);
  }

  private static String word(LiveHop.Result result) {
    return switch (result) {
      case DELIVERED, FORWARDED -> "allow";
      case REJECTED -> "reject";
      case DROPPED -> "deny";
    };
  }

  /** What has to be said about the comparison. */
  private Optional<String> note(
      Judged judged, List<LiveHop> hops, Optional<String> result, boolean agrees) {
    List<String> unread = new ArrayList<>();
    for (LiveHop hop : hops) {
      hop.unread().ifPresent(reason -> unread.add(hop.host() + ": " + reason));
    }
    if (result.isEmpty()) {
      return Optional.of(
          "by the model only: "
              + (unread.isEmpty() ? unattached(judged) : String.join("; ", unread)));
    }
    List<String> behind = new ArrayList<>();
    for (LiveHop hop : hops) {
      progress
          .host(hop.host())
          .map(HostStatus::installed)
          .filter(installed -> installed.compareTo(judged.image().revision()) < 0)
          .ifPresent(installed -> behind.add(hop.host() + " is still at revision " + installed));
    }
    return agrees || behind.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", behind));
  }

  private static String unattached(Judged judged) {
    return judged.ends().sender().isEmpty()
        ? "the sender is not an endpoint of the universe"
        : "no host has " + judged.ends().sender().get().ref() + " or its other end attached";
  }

  private static ObjectNode json(LiveHop hop) {
    ObjectNode node = Json.object().put("host", hop.host().value());
    node.put("role", hop.role().text());
    hop.unread().ifPresent(reason -> node.put("unread", reason));
    hop.result()
        .ifPresent(
            result -> {
              node.put("result", result.text());
              ArrayNode tables = node.putArray("tables");
              hop.steps().forEach(step -> json(step, tables.addObject()));
            });
    return node;
  }

  private static void json(LiveHop.Step step, ObjectNode node) {
    node.put("table", step.table()).put("name", step.name());
    step.match()
        .ifPresentOrElse(
            match -> node.put("priority", step.priority()).put("match", match),
            () -> node.put("miss", true));
    step.origin()
        .ifPresent(
            origin -> {
              node.put("for", origin.text());
              origin.policy().ifPresent(policy -> node.put("policy", policy));
              origin.rule().ifPresent(rule -> node.put("rule", rule));
            });
  }
}
