package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.core.Lookup;
import io.fynbos.controller.core.Outcome;
import io.fynbos.controller.dryrun.DryRun;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.image.Image;
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
  private final DryRun dryRun;

  ApplyRoutes(Controller controller, Bodies bodies, DryRun dryRun) {
    this.controller = controller;
    this.bodies = bodies;
    this.dryRun = dryRun;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/v1/apply", QUERY, request -> change(request, bodies::edits)),
        Route.post("/v1/delete", QUERY, request -> change(request, bodies::deletes)));
  }

  private CompletionStage<HttpResponse> change(
      Request request, Function<Request, CompletableFuture<List<Edit>>> read) {
    boolean dry = request.flag("dryRun");
    return read.apply(request)
        .thenCompose(
            edits -> {
              Command.Batch batch = new Command.Batch(edits);
              if (dry) {
                return rehearse(request, batch);
              }
              return Answers.when(
                  request,
                  controller.submit(batch),
                  done -> told(batch, done),
                  refused -> place(batch, refused));
            });
  }

  private CompletionStage<HttpResponse> rehearse(Request request, Command.Batch batch) {
    return dryRun
        .of(controller.image(), batch)
        .thenApplyAsync(
            result -> {
              if (result instanceof DryRun.Refused refused) {
                Outcome.Refused outcome =
                    new Outcome.Refused(refused.refusal().refusal(), refused.refusal().edit());
                return Answers.problem(outcome.refusal(), place(batch, outcome)).response();
              }
              DryRun.Accepted found = (DryRun.Accepted) result;
              ObjectNode answer = Json.object().put("revision", found.before().revision().number());
              answer.put("dryRun", true);
              objects(batch, found.before(), found.after(), answer);
              DryRunJson.put(found, answer);
              return Answers.json(answer);
            },
            request.context().eventLoop());
  }

  /** Which of several documents was refused. */
  private static Optional<String> place(Command.Batch batch, Outcome.Refused refused) {
    return batch.edits().size() > 1 && refused.edit().isPresent()
        ? Optional.of("documents[" + refused.edit().getAsInt() + "]")
        : Optional.empty();
  }

  private static HttpResponse told(Command.Batch batch, Outcome.Done done) {
    ObjectNode answer = Json.object().put("revision", done.revision().number());
    objects(batch, done.before(), done.after(), answer);
    return Answers.json(answer);
  }

  private static void objects(Command.Batch batch, Image from, Image to, ObjectNode answer) {
    ArrayNode objects = answer.putArray("objects");
    for (Edit edit : batch.edits()) {
      Optional<Versioned<Document>> before = Lookup.find(from, edit.key());
      Optional<Versioned<Document>> after = Lookup.find(to, edit.key());
      objects
          .addObject()
          .put("kind", edit.key().kind().text())
          .put("name", edit.key().toString())
          .put("did", did(before, after));
    }
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
