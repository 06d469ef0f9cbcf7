package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.reconcile.Fleet;
import io.fynbos.controller.reconcile.HostStatus;
import io.fynbos.controller.reconcile.Orders;
import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.decide.Attachments;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.wire.HostMessages;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
        Route.post("/v1/hosts/{name}/applied", Set.of(), this::applied));
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

  // --- GET …/orders -----------------------------------------------------------------------------

  private CompletionStage<HttpResponse> orders(Request request) {
    HostName host = host(request);
    OrderSource source = new OrderSource(host, fleet.orders());
    EventStream stream = EventStream.open(request.context(), source, pace);
    source.follow(stream);
    return Answers.now(stream.response());
  }

  /** The orders of one host, as events. Its fields are used on the stream's event loop only. */
  private static final class OrderSource implements EventStream.Source, Orders.Follower {
    private final HostName host;
    private final Orders orders;
    private Optional<EventStream> stream = Optional.empty();
    private Optional<Orders.Standing> sent = Optional.empty();

    OrderSource(HostName host, Orders orders) {
      this.host = host;
      this.orders = orders;
    }

    void follow(EventStream opened) {
      stream = Optional.of(opened);
      orders.follow(host, this);
      if (!opened.open()) {
        orders.leave(host, this);
      }
      opened.wake();
    }

    @Override
    public void wake() {
      stream.ifPresent(EventStream::wake);
    }

    @Override
    public void replaced() {
      stream.ifPresent(EventStream::close);
    }

    @Override
    public CompletableFuture<Optional<String>> next() {
      Orders.Standing now = orders.of(host);
      StringBuilder events = new StringBuilder();
      boolean neighboursNew = sent.isEmpty() || !sent.get().neighbours().equals(now.neighbours());
      if (neighboursNew) {
        ObjectNode data = Json.object();
        ArrayNode underlays = data.putArray("underlays");
        now.neighbours().stream().map(IpAddress::toString).forEach(underlays::add);
        events.append(event("neighbours", data));
      }
      boolean revalidateNew = sent.isEmpty() || sent.get().asked() != now.asked();
      if (revalidateNew) {
        now.revalidate()
            .ifPresent(revision -> events.append(event("revalidate", Answers.revision(revision))));
      }
      sent = Optional.of(now);
      return CompletableFuture.completedFuture(
          events.isEmpty() ? Optional.empty() : Optional.of(events.toString()));
    }

    private static String event(String name, JsonNode data) {
      String text = new String(Json.bytes(data), StandardCharsets.UTF_8);
      return "event: " + name + "\ndata: " + text + "\n\n";
    }

    @Override
    public void close() {
      orders.leave(host, this);
    }
  }

  private HostName host(Request request) {
    HostName name;
    try {
      name = new HostName(request.variable("name"));
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "invalid-name", String.valueOf(e.getMessage())).refused();
    }
    if (!controller.image().hosts().containsKey(name)) {
      throw Problem.of(
              404,
              "not-found",
              "there is no " + name.sentence() + "; register it first: PUT /v1/hosts/" + name)
          .refused();
    }
    return name;
  }
}
