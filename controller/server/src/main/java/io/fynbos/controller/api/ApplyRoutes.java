package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.core.Lookup;
import io.fynbos.controller.core.Outcome;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Edit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Many documents at once, all or nothing. */
final class ApplyRoutes {

  private static final Set<String> QUERY = Set.of("dryRun");

  private final Controller controller;
  private final Bodies bodies;

  ApplyRoutes(Controller controller, Bodies bodies) {
    this.controller = controller;
    this.bodies = bodies;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/v1/apply", QUERY, request -> change(request, bodies::edits)),
        Route.post("/v1/delete", QUERY, request -> change(request, bodies::deletes)));
  }

  private CompletionStage<HttpResponse> change(
      Request request, Function<Request, CompletableFuture<List<Edit>>> read) {
    if (request.flag("dryRun")) {
      throw Unbuilt.problem("a dry run").refused();
    }
    return read.apply(request)
        .thenCompose(
            edits -> {
              Command.Batch batch = new Command.Batch(edits);
              return Answers.when(
                  request,
                  controller.submit(batch),
                  done -> told(batch, done),
                  refused -> place(batch, refused));
            });
  }

  /** Which of several documents was refused. */
  private static Optional<String> place(Command.Batch batch, Outcome.Refused refused) {
    return batch.edits().size() > 1 && refused.edit().isPresent()
        ? Optional.of("documents[" + refused.edit().getAsInt() + "]")
        : Optional.empty();
  }

  private static HttpResponse told(Command.Batch batch, Outcome.Done done) {
    ObjectNode answer = Json.object().put("revision", done.revision().number());
    ArrayNode objects = answer.putArray("objects");
    for (Edit edit : batch.edits()) {
      Optional<Versioned<Document>> before = Lookup.find(done.before(), edit.key());
      Optional<Versioned<Document>> after = Lookup.find(done.after(), edit.key());
      objects
          .addObject()
          .put("kind", edit.key().kind().text())
          .put("name", edit.key().toString())
          .put("did", did(before, after));
    }
    return Answers.json(answer);
  }

  private static String did(
      Optional<Versioned<Document>> before, Optional<Versioned<Document>> after) {
    if (before.isEmpty()) {
      return after.isEmpty() ? "absent" : "created";
    }
    if (after.isEmpty()) {
      return "deleted";
    }
    return before.get().revision().equals(after.get().revision()) ? "unchanged" : "changed";
  }
}
