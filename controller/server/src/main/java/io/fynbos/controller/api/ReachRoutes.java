package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import io.fynbos.controller.core.Controller;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointName;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.reach.Reach;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Who can talk to whom in a universe, by groups and by endpoints. */
final class ReachRoutes {

  private static final int WAYS = 10_000;
  private static final int WAYS_MAX = 100_000;
  private static final String GROUP = "group:";

  private final Controller controller;
  private final Analysis analysis;

  ReachRoutes(Controller controller, Analysis analysis) {
    this.controller = controller;
    this.analysis = analysis;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/reach", Set.of("universe", "from", "to", "audit", "limit"), this::reach));
  }

  private CompletionStage<HttpResponse> reach(Request request) {
    Image image = controller.image();
    UniverseName universe = Paths.universeNeeded(request, image);
    Predicate<Optional<Endpoint>> from = members(request, "from", image, universe);
    Predicate<Optional<Endpoint>> to = members(request, "to", image, universe);
    boolean narrowed = request.query().containsKey("from") || request.query().containsKey("to");
    boolean audit = request.flag("audit");
    if (audit && narrowed) {
      throw Request.invalid("audit", "true", "it alone, without from and to");
    }
    long limit = request.number("limit", WAYS, 0, WAYS_MAX);
    return analysis.work(
        () -> {
          try {
            Reach reach =
                audit ? Reach.staged(image, universe) : Reach.of(image, universe, from, to);
            return Answers.json(json(image, reach, limit));
          } catch (Reach.TooLarge e) {
            throw Problem.of(422, "too-many", String.valueOf(e.getMessage())).refused();
          }
        });
  }

  /**
   * Which endpoints a parameter means: one, the members of a group, or everyone and the outside.
   */
  private static Predicate<Optional<Endpoint>> members(
      Request request, String parameter, Image image, UniverseName universe) {
    String text = request.query().get(parameter);
    if (text == null) {
      return anyone -> true;
    }
    if (text.startsWith(GROUP)) {
      GroupName name = Paths.name(text.substring(GROUP.length()), GroupName::new);
      GroupRef group = new GroupRef(universe, name);
      found(image.groups().containsKey(group), parameter, group.sentence());
      return endpoint -> endpoint.filter(known -> known.groups().contains(name)).isPresent();
    }
    EndpointRef ref =
        text.indexOf('/') >= 0
            ? Paths.name(text, EndpointRef::parse)
            : new EndpointRef(universe, Paths.name(text, EndpointName::new));
    found(
        image.endpoints().containsKey(ref) && ref.universe().equals(universe),
        parameter,
        ref.sentence() + " in universe " + universe + " (a group is written " + GROUP + "NAME)");
    return endpoint -> endpoint.filter(known -> known.ref().equals(ref)).isPresent();
  }

  private static void found(boolean found, String parameter, String what) {
    if (!found) {
      throw Problem.at(404, "not-found", "?" + parameter, "there is no " + what).refused();
    }
  }

  private static ObjectNode json(Image image, Reach reach, long limit) {
    ObjectNode answer = Json.object().put("revision", image.revision().number());
    answer.put("universe", reach.universe().value());
    ArrayNode groups = answer.putArray("groups");
    for (Reach.GroupWay way : reach.byGroups()) {
      ObjectNode node = groups.addObject();
      names(way.from(), node.putArray("from"));
      names(way.to(), node.putArray("to"));
      node.put("services", way.every().toString()).put("some", way.some().toString());
    }
    ArrayNode endpoints = answer.putArray("endpoints");
    long[] more = {0};
    reach.forEachWay(
        way -> {
          if (endpoints.size() < limit) {
            DryRunJson.way(way, endpoints.addObject());
          } else {
            more[0]++;
          }
        });
    return answer.put("more", more[0]);
  }

  private static void names(SortedSet<GroupName> names, ArrayNode array) {
    names.forEach(name -> array.add(name.value()));
  }
}
