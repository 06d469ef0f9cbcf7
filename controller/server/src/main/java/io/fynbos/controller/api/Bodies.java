package io.fynbos.controller.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.wire.Documents;
import io.fynbos.policy.wire.Format;
import io.fynbos.policy.wire.WireError;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Reads bodies into documents, away from the event loops. JSON and YAML are told apart by content
 * type; when it says neither, by the first character.
 */
final class Bodies {

  /** The formats by content type. Nothing is said by the types that clients send unasked. */
  private static final Map<String, Optional<Format>> FORMATS =
      Map.of(
          "application/json", Optional.of(Format.JSON),
          "application/yaml", Optional.of(Format.YAML),
          "application/x-yaml", Optional.of(Format.YAML),
          "text/yaml", Optional.of(Format.YAML),
          "text/x-yaml", Optional.of(Format.YAML),
          "application/x-www-form-urlencoded", Optional.empty(),
          "application/octet-stream", Optional.empty(),
          "text/plain", Optional.empty());

  private final Executor executor;

  /** Reads a body that may turn out to be something else. */
  private interface Reading<T> {
    T read(byte[] body, Format format) throws WireError;
  }

  Bodies(Executor executor) {
    this.executor = executor;
  }

  /** The documents of an apply. */
  CompletableFuture<List<Edit>> edits(Request request) {
    return read(request, Documents::parse);
  }

  /** The documents of a delete, of which only the names count. */
  CompletableFuture<List<Edit>> deletes(Request request) {
    return read(request, Documents::parseDeletes);
  }

  /** The one document of an object that the path names. */
  CompletableFuture<Document> document(Request request, ObjectKey key) {
    return read(
        request,
        (body, format) ->
            format == Format.JSON ? Documents.parseOne(body, key) : whole(body, format, key));
  }

  private static Document whole(byte[] body, Format format, ObjectKey key) throws WireError {
    List<Edit> edits = Documents.parse(body, format);
    if (edits.size() == 1
        && edits.get(0) instanceof Edit.Put put
        && put.document().key().equals(key)) {
      return put.document();
    }
    throw Problem.of(
            400,
            "bad-value",
            "expected one document, that of " + key.sentence() + " as in the path")
        .refused();
  }

  /** Reads a message that is JSON always. */
  interface Message<T> {
    T read(byte[] body) throws WireError;
  }

  /** A message that has a form of its own. */
  <T> CompletableFuture<T> json(Request request, Message<T> message) {
    return read(
        request,
        (body, format) -> {
          if (format == Format.YAML) {
            throw Problem.of(400, "malformed", "this call takes a JSON object").refused();
          }
          return message.read(body);
        });
  }

  private <T> CompletableFuture<T> read(Request request, Reading<T> reading) {
    Optional<Format> said = said(request);
    return request
        .body()
        .thenCompose(
            body -> {
              try {
                return CompletableFuture.supplyAsync(
                    () -> parse(body, said.orElseGet(() -> Format.of(body)), reading), executor);
              } catch (RejectedExecutionException e) {
                throw Problem.of(503, "busy", "too many bodies wait to be read; try again")
                    .with("retry-after", "1")
                    .refused();
              }
            });
  }

  private static <T> T parse(byte[] body, Format format, Reading<T> reading) {
    try {
      return reading.read(body, format);
    } catch (WireError e) {
      int status = e.fault() == WireError.Fault.TOO_LARGE ? 413 : 400;
      Problem problem = Problem.of(status, e.fault().text(), String.valueOf(e.getMessage()));
      throw e.path().isEmpty()
          ? problem.refused()
          : Problem.at(status, problem.type(), e.path(), problem.detail()).refused();
    }
  }

  private static Optional<Format> said(Request request) {
    Optional<String> type = request.header(HttpHeaderNames.CONTENT_TYPE);
    if (type.isEmpty()) {
      return Optional.empty();
    }
    String name = type.get().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    Optional<Format> format = FORMATS.get(name);
    if (format == null) {
      throw Problem.of(
              415,
              "unsupported-media-type",
              "a body of type "
                  + Text.quoted(type.get())
                  + " is not read; send application/json or application/yaml")
          .refused();
    }
    return format;
  }
}
