package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.reconcile.HostStatus;
import io.fynbos.controller.reconcile.Progress;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.EndpointName;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.UniverseName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Endpoints with the host and port that they are attached to. The state is {@code detached} (no
 * host has it), {@code attaching} (its host has not applied it yet) or {@code attached}.
 */
final class BindingRoutes {

  private final Controller controller;
  private final Progress progress;

  BindingRoutes(Controller controller, Progress progress) {
    this.controller = controller;
    this.progress = progress;
  }

  List<Route> routes() {
    return List.of(Route.get("/v1/bindings", Set.of("limit", "after", "universe"), this::list));
  }

  private CompletionStage<HttpResponse> list(Request request) {
    Image image = controller.image();
    Stream<EndpointRef> refs;
    try {
      SortedSet<EndpointRef> all =
          Optional.ofNullable(request.query().get("universe"))
              .map(name -> (SortedSet<EndpointRef>) image.endpointsOf(new UniverseName(name)))
              .orElseGet(() -> image.endpoints().keySet());
      Optional<EndpointRef> after = Page.after(request).map(BindingRoutes::ref);
      refs =
          after.isEmpty()
              ? all.stream()
              : all.tailSet(after.get()).stream().filter(ref -> !ref.equals(after.get()));
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "invalid-name", String.valueOf(e.getMessage())).refused();
    }
    JsonNode page =
        Page.of(
            image.revision(),
            refs.iterator(),
            Page.limit(request),
            ref -> json(image, ref),
            EndpointRef::toString);
    return Answers.now(Answers.json(page));
  }

  private static EndpointRef ref(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("after is written universe/name");
    }
    return new EndpointRef(
        new UniverseName(text.substring(0, slash)), new EndpointName(text.substring(slash + 1)));
  }

  private ObjectNode json(Image image, EndpointRef ref) {
    ObjectNode node = Json.object().put("endpoint", ref.toString());
    image.endpoint(ref).ifPresent(endpoint -> node.put("id", endpoint.id().toString()));
    Optional<Versioned<Binding>> binding = Optional.ofNullable(image.bindings().get(ref));
    if (binding.isEmpty()) {
      return node.put("state", "detached");
    }
    Binding bound = binding.get().value();
    boolean applied =
        progress
            .host(bound.host())
            .map(HostStatus::applied)
            .filter(revision -> revision.compareTo(binding.get().revision()) >= 0)
            .isPresent();
    return node.put("host", bound.host().value())
        .put("ofport", bound.ofport())
        .put("revision", binding.get().revision().number())
        .put("state", applied ? "attached" : "attaching");
  }
}
