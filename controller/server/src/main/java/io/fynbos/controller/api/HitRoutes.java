package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.reconcile.Fleet;
import io.fynbos.controller.rules.HitCounters;
import io.fynbos.controller.rules.Hits;
import io.fynbos.controller.rules.RuleText;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyName;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.UniverseName;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * How often rules were hit, read from the switches as of a second ago at most. Hosts that cannot be
 * read are named; what they counted before is in the numbers.
 */
final class HitRoutes {

  private final Controller controller;
  private final Fleet fleet;
  private final HitCounters hits;

  HitRoutes(Controller controller, Fleet fleet, HitCounters hits) {
    this.controller = controller;
    this.fleet = fleet;
    this.hits = hits;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/universes/{universe}/policies/{name}/hits", Set.of(), this::one),
        Route.get("/v1/policies/{name}/hits", Set.of(), this::one),
        Route.get("/v1/hits", Set.of("universe", "limit", "after"), this::all));
  }

  private CompletionStage<HttpResponse> one(Request request) {
    Optional<UniverseName> universe =
        Optional.ofNullable(request.path().get("universe"))
            .map(text -> Paths.name(text, UniverseName::new));
    PolicyName name = Paths.name(request.variable("name"), PolicyName::new);
    PolicyRef ref = new PolicyRef(universe, name);
    if (!controller.image().policies().containsKey(ref)) {
      throw Problem.notFound(ref.sentence()).refused();
    }
    return fleet
        .countRules(hosts(universe))
        .thenApplyAsync(
            unread -> {
              Image image = controller.image();
              if (!image.policies().containsKey(ref)) {
                throw Problem.notFound(ref.sentence()).refused();
              }
              ObjectNode answer = Json.object().put("revision", image.revision().number());
              answer.setAll(json(image, ref));
              return Answers.json(named(answer, unread));
            },
            request.context().eventLoop());
  }

  private CompletionStage<HttpResponse> all(Request request) {
    Optional<UniverseName> universe = Paths.universe(request, controller.image());
    Optional<PolicyRef> after = Page.after(request).map(text -> Paths.name(text, PolicyRef::parse));
    int limit = Page.limit(request);
    return fleet
        .countRules(hosts(universe))
        .thenApplyAsync(
            unread -> {
              Image image = controller.image();
              SortedSet<PolicyRef> policies =
                  universe.isPresent()
                      ? image.policiesOf(universe.get())
                      : image.policies().keySet();
              Stream<PolicyRef> rest =
                  after.isEmpty()
                      ? policies.stream()
                      : policies.tailSet(after.get()).stream()
                          .filter(ref -> !ref.equals(after.get()));
              ObjectNode page =
                  Page.of(
                      image.revision(),
                      rest.iterator(),
                      limit,
                      ref -> json(image, ref),
                      PolicyRef::toString);
              return Answers.json(named(page, unread));
            },
            request.context().eventLoop());
  }

  /** The hosts that count for a universe's policies; for fabric-wide ones all of them. */
  private Collection<HostName> hosts(Optional<UniverseName> universe) {
    Image image = controller.image();
    return universe.isPresent() ? image.hostsWith(universe.get()) : image.hosts().keySet();
  }

  private static ObjectNode named(ObjectNode answer, Collection<HostName> unread) {
    ArrayNode hosts = answer.putArray("unread");
    unread.forEach(host -> hosts.add(host.value()));
    return answer;
  }

  private ObjectNode json(Image image, PolicyRef ref) {
    ObjectNode node = Json.object().put("policy", ref.toString());
    ArrayNode rules = node.putArray("rules");
    List<Hits> counted = hits.of(image, ref);
    Policy policy = image.policy(ref).orElseThrow();
    for (int i = 0; i < policy.rules().size(); i++) {
      Hits one = i < counted.size() ? counted.get(i) : Hits.NONE;
      ObjectNode rule = rules.addObject().put("rule", i);
      rule.put("text", RuleText.of(policy.rules().get(i)));
      rule.put("packets", one.packets()).put("bytes", one.bytes());
      one.last()
          .ifPresent(last -> rule.put("lastHit", last.truncatedTo(ChronoUnit.MILLIS).toString()));
      rule.putObject("audit").put("packets", one.differs()).put("bytes", one.differsBytes());
    }
    return node;
  }
}
