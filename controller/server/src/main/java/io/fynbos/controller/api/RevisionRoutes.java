package io.fynbos.controller.api;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.reconcile.Progress;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.report.AppliedReport;
import io.fynbos.policy.wire.HostMessages;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** How far a revision has come, and the stream of changes. */
final class RevisionRoutes {

  private static final Duration WAIT_MAX = Duration.ofSeconds(60);

  private final Controller controller;
  private final Progress progress;
  private final WatchHub hub;

  RevisionRoutes(Controller controller, Progress progress, WatchHub hub) {
    this.controller = controller;
    this.progress = progress;
    this.hub = hub;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/revisions/{revision}", Set.of("wait"), this::revision),
        Route.get("/v1/watch", Set.of("since"), this::watch).producing(MediaType.EVENT_STREAM));
  }

  private CompletionStage<HttpResponse> revision(Request request) {
    Revision revision = wanted(request);
    Duration wait = request.duration("wait", Duration.ZERO, WAIT_MAX);
    AppliedReport now = progress.applied(revision);
    if (now.applied() || wait.isZero()) {
      return Answers.now(answer(now));
    }
    request.context().setRequestTimeout(WAIT_MAX.plusSeconds(30));
    Progress.Waiter waiter = progress.await(revision);
    ScheduledFuture<?> timeout =
        request
            .context()
            .eventLoop()
            .withoutContext()
            .schedule(() -> waiter.done().complete(null), wait.toMillis(), TimeUnit.MILLISECONDS);
    var unused =
        request.context().whenRequestCancelling().thenAccept(cause -> waiter.done().complete(null));
    return waiter
        .done()
        .thenApplyAsync(
            done -> {
              timeout.cancel(false);
              progress.forget(waiter);
              return answer(progress.applied(revision));
            },
            request.context().eventLoop());
  }

  private Revision wanted(Request request) {
    Revision newest = controller.image().revision();
    String text = request.variable("revision");
    if (text.equals("latest")) {
      return newest;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw Problem.of(
              400,
              "invalid-revision",
              Text.quoted(text) + " is not a revision; give a number, or latest")
          .refused();
    }
    Revision revision = new Revision(Long.parseLong(text));
    if (revision.compareTo(newest) > 0) {
      throw Problem.of(
              404,
              "unknown-revision",
              "revision " + revision + " has not been made yet; the newest is " + newest)
          .refused();
    }
    return revision;
  }

  private static HttpResponse answer(AppliedReport report) {
    return Answers.json(HostMessages.writeReport(report));
  }

  private CompletionStage<HttpResponse> watch(Request request) {
    Revision newest = controller.image().revision();
    long resumed =
        request
            .header("last-event-id")
            .filter(id -> id.matches("[0-9]{1,18}"))
            .map(Long::parseLong)
            .orElse(newest.number());
    Revision since = new Revision(request.number("since", resumed, 0, Long.MAX_VALUE));
    if (since.compareTo(newest) > 0) {
      throw Request.invalid(
          "since", since.toString(), "a revision that has been made, at most " + newest);
    }
    return hub.open(request, since).thenApply(EventStream::response);
  }
}
