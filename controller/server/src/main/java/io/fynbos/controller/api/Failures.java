package io.fynbos.controller.api;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseCompleteException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever went wrong, in a handler or in the server below it, into a problem. */
final class Failures implements ServerErrorHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  static HttpResponse response(ServiceRequestContext context, Throwable failure) {
    return problem(context, failure).response();
  }

  @Override
  public HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
    return response(context, cause);
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext context,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    Problem problem = ofStatus(status);
    return AggregatedHttpResponse.of(problem.responseHeaders(), problem.body());
  }

  private static Problem problem(ServiceRequestContext context, Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Problem.Refused refused) {
      return refused.problem();
    }
    if (cause instanceof ContentTooLargeException) {
      return ofStatus(HttpStatus.REQUEST_ENTITY_TOO_LARGE);
    }
    if (cause instanceof HttpStatusException status) {
      return ofStatus(status.httpStatus());
    }
    if (cause instanceof HttpResponseException || cause instanceof ClosedStreamException) {
      return ofStatus(HttpStatus.BAD_REQUEST);
    }
    if (cause instanceof ResponseCompleteException) {
      // The answer is out already: the body was refused while the handler still read it.
      return ofStatus(HttpStatus.BAD_REQUEST);
    }
    if (cause instanceof RequestTimeoutException) {
      return ofStatus(HttpStatus.SERVICE_UNAVAILABLE);
    }
    if (context.isCancelled()) {
      return ofStatus(HttpStatus.SERVICE_UNAVAILABLE);
    }
    LOG.error("event=request-failed method={} path={}", context.method(), context.path(), cause);
    return Problem.internal();
  }

  private static Problem ofStatus(HttpStatus status) {
    int code = status.code();
    String type = status.reasonPhrase().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
    return switch (code) {
      case 400 -> Problem.of(400, "bad-request", "this is not a well-formed HTTP request");
      case 404 -> Problem.of(404, "unknown-path", "the API has no such path");
      case 413 ->
          Problem.of(
              413,
              "body-too-large",
              "the body is larger than " + ApiServer.BODY_BYTES_MAX + " bytes; send less at once");
      case 503 ->
          Problem.of(503, "unavailable", "the controller did not answer in time; try again");
      default -> Problem.of(code, type, "the request was refused: " + status);
    };
  }
}
