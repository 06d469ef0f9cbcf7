package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.controller.rules.RuleText;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.verdict.Verdict;

/** A verdict of the model as the API tells it, with every rule that took part. */
final class VerdictJson {

  private VerdictJson() {}

  /** The verdict in one word: {@code allow}, {@code reject} or {@code deny}. */
  static String word(Verdict verdict) {
    if (verdict.allowed()) {
      return "allow";
    }
    return verdict.rejected() ? "reject" : "deny";
  }

  static ObjectNode of(Image image, Verdict verdict) {
    ObjectNode node = Json.object().put("verdict", word(verdict));
    verdict.noRoute().ifPresent(reason -> node.put("reason", reason.text()));
    ArrayNode judgements = node.putArray("judgements");
    for (Verdict.Judgement judgement : verdict.judgements()) {
      ObjectNode one = judgements.addObject();
      one.put("direction", judgement.direction().text());
      one.put("endpoint", judgement.endpoint().toString());
      one.put("action", judgement.action().text());
      one.put("byDefault", judgement.byDefault());
      ArrayNode rules = one.putArray("rules");
      judgement.steps().forEach(step -> rule(image, step, rules.addObject()));
    }
    return node;
  }

  private static void rule(Image image, Verdict.Step step, ObjectNode node) {
    node.put("policy", step.policy().toString()).put("rule", step.rule());
    node.put("tier", step.tier().toString()).put("order", step.order());
    node.put("action", step.action().text()).put("decisive", step.decisive());
    image
        .policy(step.policy())
        .map(policy -> policy.rules().get(step.rule()))
        .ifPresent(rule -> node.put("text", RuleText.of(rule)));
  }
}
