package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.reconcile.Fleet;
import io.fynbos.controller.rules.HitCounters;
import io.fynbos.controller.rules.Hits;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.reach.Finding;
import io.fynbos.policy.reach.Lint;
import io.fynbos.policy.reach.RuleRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What policies and groups say in vain. Rules are called never hit only when every host that could
 * have seen them was read.
 */
final class LintRoutes {

  private final Controller controller;
  private final Fleet fleet;
  private final HitCounters hits;
  private final Analysis analysis;

  LintRoutes(Controller controller, Fleet fleet, HitCounters hits, Analysis analysis) {
    this.controller = controller;
    this.fleet = fleet;
    this.hits = hits;
    this.analysis = analysis;
  }

  List<Route> routes() {
    return List.of(Route.get("/v1/lint", Set.of("universe"), this::lint));
  }

  private CompletionStage<HttpResponse> lint(Request request) {
    Image image = controller.image();
    Optional<UniverseName> universe = Paths.universe(request, image);
    Collection<HostName> hosts =
        universe.isPresent() ? image.hostsWith(universe.get()) : image.hosts().keySet();
    return fleet
        .countRules(hosts)
        .thenCompose(
            unread ->
                analysis.work(
                    () -> {
                      Counted counted = new Counted(image, unread.isEmpty());
                      Lint lint =
                          universe.isPresent()
                              ? Lint.of(image, universe.get(), counted::of)
                              : Lint.of(image, counted::of);
                      return Answers.json(json(image, lint, unread));
                    }));
  }

  /** What rules have matched; unknown when some host was not read. */
  private final class Counted {
    private final Image image;
    private final boolean known;
    private final Map<PolicyRef, List<Hits>> ofPolicy = new HashMap<>();

    Counted(Image image, boolean known) {
      this.image = image;
      this.known = known;
    }

    OptionalLong of(RuleRef rule) {
      if (!known) {
        return OptionalLong.empty();
      }
      List<Hits> all = ofPolicy.computeIfAbsent(rule.policy(), policy -> hits.of(image, policy));
      return rule.rule() < all.size()
          ? OptionalLong.of(all.get(rule.rule()).packets())
          : OptionalLong.empty();
    }
  }

  private static ObjectNode json(Image image, Lint lint, Collection<HostName> unread) {
    ObjectNode answer = Json.object().put("revision", image.revision().number());
    ArrayNode findings = answer.putArray("findings");
    lint.findings().forEach(finding -> json(finding, findings.addObject()));
    answer.put("more", lint.more());
    ArrayNode leftOut = answer.putArray("leftOut");
    lint.leftOut().forEach(universe -> leftOut.add(universe.value()));
    ArrayNode hosts = answer.putArray("unread");
    unread.forEach(host -> hosts.add(host.value()));
    return answer;
  }

  private static void json(Finding finding, ObjectNode node) {
    node.put("type", finding.kind().text());
    node.put("kind", finding.about().kind().text()).put("name", finding.about().toString());
    finding.rule().ifPresent(rule -> node.put("rule", rule.rule()));
    if (!finding.others().isEmpty()) {
      ArrayNode others = node.putArray("others");
      for (RuleRef other : finding.others()) {
        others.addObject().put("policy", other.policy().toString()).put("rule", other.rule());
      }
    }
    node.put("detail", finding.sentence());
  }
}
