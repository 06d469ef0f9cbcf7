package io.fynbos.controller.api;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import io.fynbos.controller.core.Controller;
import io.fynbos.controller.flowlog.FlowLog;
import io.fynbos.controller.flowlog.LogLine;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.wire.HostReports;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes what hosts log, and streams it to whoever follows. */
final class FlowLogRoutes {

  /** Readers at once; one more is refused. */
  static final int READERS_MAX = 100;

  private static final int LINES_PER_CHUNK = 200;

  private final Controller controller;
  private final FlowLog log;
  private final Bodies bodies;
  private final EventStream.Pace pace;

  FlowLogRoutes(Controller controller, FlowLog log, Bodies bodies, EventStream.Pace pace) {
    this.controller = controller;
    this.log = log;
    this.bodies = bodies;
    this.pace = pace;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/v1/hosts/{name}/flow-log", Set.of(), this::take),
        Route.get("/v1/flow-log", Set.of("universe", "follow"), this::read)
            .producing(MediaType.EVENT_STREAM));
  }

  private CompletionStage<HttpResponse> take(Request request) {
    HostName host = Paths.host(request, controller.image());
    return bodies
        .json(
            request,
            body -> {
              HostReports.FlowLog report = HostReports.readFlowLog(body);
              log.take(host, report);
              return report.records().size();
            })
        .thenApply(taken -> Answers.json(Json.object().put("accepted", taken)));
  }

  private CompletionStage<HttpResponse> read(Request request) {
    Optional<UniverseName> universe = Paths.universe(request, controller.image());
    boolean follow = request.flag("follow");
    if (log.followers() >= READERS_MAX) {
      throw Problem.of(429, "too-many-watches", "at most " + READERS_MAX + " may read the flow log")
          .refused();
    }
    long resumed =
        request
            .header("last-event-id")
            .filter(id -> id.matches("[0-9]{1,18}"))
            .map(Long::parseLong)
            .filter(id -> id <= log.newest())
            .orElseGet(() -> log.oldest() - 1);
    Reader reader = new Reader(universe, follow, resumed);
    EventStream stream = EventStream.open(request.context(), reader, pace);
    reader.begin(stream);
    return Answers.now(stream.response());
  }

  /** How far one reader has got. Used on its event loop only, except for its waking. */
  private final class Reader implements EventStream.Source {
    private final Optional<UniverseName> universe;
    private final boolean follow;
    private final Runnable wake = this::wake;
    private long read;
    private volatile Optional<EventStream> stream = Optional.empty();

    Reader(Optional<UniverseName> universe, boolean follow, long read) {
      this.universe = universe;
      this.follow = follow;
      this.read = read;
    }

    void begin(EventStream opened) {
      stream = Optional.of(opened);
      log.follow(wake);
      if (!opened.open()) {
        log.leave(wake);
      }
      opened.wake();
    }

    private void wake() {
      stream.ifPresent(EventStream::wake);
    }

    @Override
    public CompletableFuture<Optional<String>> next() {
      StringBuilder events = new StringBuilder();
      long missed = log.oldest() - 1 - read;
      if (missed > 0) {
        read += missed;
        log.missed(missed);
        events
            .append("event: dropped\ndata: {\"dropped\":")
            .append(missed)
            .append(",\"where\":\"reader\"}\n\n");
      }
      List<LogLine> lines = log.after(read, LINES_PER_CHUNK);
      while (events.isEmpty() && !lines.isEmpty()) {
        append(lines, events);
        read = lines.get(lines.size() - 1).number();
        lines = log.after(read, LINES_PER_CHUNK);
      }
      if (events.isEmpty()) {
        if (!follow) {
          stream.ifPresent(EventStream::close);
        }
        return CompletableFuture.completedFuture(Optional.empty());
      }
      return CompletableFuture.completedFuture(Optional.of(events.toString()));
    }

    private void append(List<LogLine> lines, StringBuilder events) {
      for (LogLine line : lines) {
        boolean wanted =
            universe.isEmpty() || line.universe().isEmpty() || line.universe().equals(universe);
        if (wanted) {
          events.append("id: ").append(line.number()).append("\nevent: ").append(line.event());
          events.append("\ndata: ").append(line.json()).append("\n\n");
        }
      }
    }

    @Override
    public void close() {
      log.leave(wake);
    }
  }
}
