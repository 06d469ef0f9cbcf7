package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.fynbos.controller.core.ControllerBusy;
import io.fynbos.controller.core.Outcome;
import io.fynbos.controller.store.StoreException;
import io.fynbos.policy.decide.Refusal;
import io.fynbos.policy.model.Revision;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds responses out of what the handlers found. */
final class Answers {

  private Answers() {}

  static HttpResponse json(JsonNode body) {
    return json(Json.bytes(body));
  }

  static HttpResponse json(byte[] body) {
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, HttpData.wrap(body));
  }

  static HttpResponse tagged(HttpStatus status, Revision tag, JsonNode body) {
    return HttpResponse.of(
        ResponseHeaders.builder(status)
            .contentType(MediaType.JSON_UTF_8)
            .set(HttpHeaderNames.ETAG, etag(tag))
            .build(),
        HttpData.wrap(Json.bytes(body)));
  }

  static String etag(Revision revision) {
    return "\"" + revision + "\"";
  }

  static JsonNode revision(Revision revision) {
    return Json.object().put("revision", revision.number());
  }

  static CompletionStage<HttpResponse> now(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }

  /** Answers when the command has ended; a refusal becomes a problem. */
  static CompletionStage<HttpResponse> when(
      Request request,
      CompletableFuture<Outcome> outcome,
      Function<Outcome.Done, HttpResponse> done) {
    return when(request, outcome, done, refused -> Optional.empty());
  }

  /** The same; {@code place} says in which of several documents the refused field is. */
  static CompletionStage<HttpResponse> when(
      Request request,
      CompletableFuture<Outcome> outcome,
      Function<Outcome.Done, HttpResponse> done,
      Function<Outcome.Refused, Optional<String>> place) {
    return outcome
        .exceptionally(
            failure -> {
              throw unavailable(failure);
            })
        .thenApplyAsync(
            ended ->
                ended.fold(
                    done, refused -> problem(refused.refusal(), place.apply(refused)).response()),
            request.context().eventLoop());
  }

  /** A refusal as a problem; the place is that of the document it is about. */
  static Problem problem(Refusal refusal, Optional<String> place) {
    Problem problem = Problem.of(refusal.status(), refusal.type(), refusal.message());
    String field =
        Stream.concat(place.stream(), refusal.field().stream()).collect(Collectors.joining("."));
    return field.isEmpty()
        ? problem
        : Problem.at(problem.status(), problem.type(), field, problem.detail());
  }

  /** What is answered when a command did not end: busy, or no disk. */
  static RuntimeException unavailable(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ControllerBusy) {
      return Problem.of(503, "controller-busy", String.valueOf(cause.getMessage()))
          .with("retry-after", "1")
          .refused();
    }
    if (cause instanceof StoreException) {
      return Problem.of(
              503,
              "store-unavailable",
              "the change could not be made durable, so it is not acknowledged; the controller's"
                  + " log has the reason")
          .with("retry-after", "5")
          .refused();
    }
    return failure instanceof RuntimeException already ? already : new CompletionException(failure);
  }
}
