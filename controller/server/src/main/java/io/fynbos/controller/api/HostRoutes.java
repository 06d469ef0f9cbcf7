package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.reconcile.Fleet;
import io.fynbos.controller.reconcile.HostStatus;
import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.decide.Attachments;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.wire.HostMessages;
import io.fynbos.policy.wire.HostReports;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** What agents call: their interfaces, their orders, and what they have carried out. */
final class HostRoutes {

  private final Controller controller;
  private final Fleet fleet;
  private final Bodies bodies;
  private final EventStream.Pace pace;

  HostRoutes(Controller controller, Fleet fleet, Bodies bodies, EventStream.Pace pace) {
    this.controller = controller;
    this.fleet = fleet;
    this.bodies = bodies;
    this.pace = pace;
  }

  List<Route> routes() {
    return List.of(
        Route.put("/v1/hosts/{name}/bindings", this::attach),
        Route.get("/v1/hosts/{name}/orders", Set.of(), this::orders)
            .producing(MediaType.EVENT_STREAM),
        Route.post("/v1/hosts/{name}/applied", Set.of(), this::applied),
        Route.post("/v1/hosts/{name}/answers/{id}", Set.of(), this::answer));
  }

  /** Adds to a host's document how far the host is. */
  void addStatus(ObjectKey key, ObjectNode document) {
    if (!(key instanceof HostName name)) {
      return;
    }
    Optional<HostStatus> known = fleet.progress().host(name);
    ObjectNode status = document.putObject("status");
    status.put("connected", known.map(HostStatus::connected).orElse(false));
    status.put("agent", known.map(HostStatus::agent).orElse(false));
    status.put("installed", known.map(h -> h.installed().number()).orElse(0L));
    status.put("applied", known.map(h -> h.applied().number()).orElse(0L));
    status.put("flows", known.map(HostStatus::flows).orElse(0));
    known.flatMap(HostStatus::fault).ifPresent(fault -> status.put("fault", fault));
  }

  // --- PUT …/bindings ---------------------------------------------------------------------------

  private CompletionStage<HttpResponse> attach(Request request) {
    HostName host = host(request);
    return bodies
        .json(request, body -> HostMessages.readBindings(host, body))
        .thenCompose(
            report ->
                Answers.when(
                    request,
                    controller.attach(host, report.attachments(), report.complete()),
                    done -> attached(report, done.after())));
  }

  private static HttpResponse attached(Command.SetBindings report, Image image) {
    List<Attachment.Judged> judged = Attachments.judge(image, report.host(), report.attachments());
    HostMessages.BindingsAnswer answer = HostMessages.BindingsAnswer.of(image.revision(), judged);
    return Answers.json(HostMessages.writeAnswer(answer));
  }

  // --- POST …/applied ---------------------------------------------------------------------------

  private CompletionStage<HttpResponse> applied(Request request) {
    HostName host = host(request);
    return bodies
        .json(request, HostMessages::readRevision)
        .thenApply(
            revision -> {
              if (revision.compareTo(controller.image().revision()) > 0) {
                throw Problem.at(
                        422,
                        "unknown-revision",
                        "revision",
                        "revision " + revision + " has not been made yet")
                    .refused();
              }
              fleet.validated(host, revision);
              return Answers.json(Answers.revision(revision));
            });
  }

  // --- POST …/answers/{id} ----------------------------------------------------------------------

  private CompletionStage<HttpResponse> answer(Request request) {
    HostName host = host(request);
    String id = request.variable("id");
    if (!id.matches("[0-9]{1,18}")) {
      throw Problem.of(400, "invalid-id", Text.quoted(id) + " is not the id of a question")
          .refused();
    }
    return bodies
        .json(request, HostReports::readAnswer)
        .thenApply(
            answer -> {
              if (!fleet.orders().questions().answer(host, Long.parseLong(id), answer)) {
                throw Problem.of(404, "not-found", "nobody waits for an answer to question " + id)
                    .refused();
              }
              return Answers.json(Json.object().put("id", Long.parseLong(id)));
            });
  }

  // --- GET …/orders -----------------------------------------------------------------------------

  private CompletionStage<HttpResponse> orders(Request request) {
    HostName host = host(request);
    OrderSource source = new OrderSource(host, fleet.orders());
    EventStream stream = EventStream.open(request.context(), source, pace);
    source.follow(stream);
    return Answers.now(stream.response());
  }

  private HostName host(Request request) {
    return Paths.host(request, controller.image());
  }
}
