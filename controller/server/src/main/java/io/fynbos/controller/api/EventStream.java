package io.fynbos.controller.api;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream of server-sent events. It pulls from its source only when the client has
 * taken the chunk before, so it buffers one chunk; a client that takes nothing for a while is
 * dropped. All of it runs on the request's event loop.
 */
public final class EventStream {

  /** What a stream sends, pulled chunk by chunk on its event loop. */
  interface Source {
    /** The next chunk, or nothing when there is none until {@link EventStream#wake}. */
    CompletableFuture<Optional<String>> next();

    /** The client is gone. */
    void close();
  }

  /**
   * The times of a stream.
   *
   * @param keepAlive how often a comment is sent while there is nothing else
   * @param stall how long a client may take nothing before it is dropped
   */
  public record Pace(Duration keepAlive, Duration stall) {
    public static final Pace DEFAULT = new Pace(Duration.ofSeconds(5), Duration.ofSeconds(30));
  }

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final String KEEP_ALIVE = ": keep-alive\n\n";

  private final HttpResponseWriter writer = HttpResponse.streaming();
  private final EventLoop loop;
  private final String client;
  private final Source source;
  private final Pace pace;
  private boolean busy;
  private boolean wanted;
  private long busySinceNanos;

  private EventStream(ServiceRequestContext context, Source source, Pace pace) {
    this.loop = context.eventLoop().withoutContext();
    this.client = context.remoteAddress() + " " + context.path();
    this.source = source;
    this.pace = pace;
  }

  static EventStream open(ServiceRequestContext context, Source source, Pace pace) {
    context.clearRequestTimeout();
    EventStream stream = new EventStream(context, source, pace);
    stream.begin();
    return stream;
  }

  HttpResponse response() {
    return writer;
  }

  boolean open() {
    return writer.isOpen();
  }

  /** Ends the stream; callable from any thread. */
  void close() {
    writer.close();
  }

  /** Says that the source may have something; callable from any thread. */
  void wake() {
    loop.execute(this::pump);
  }

  private void begin() {
    writer.write(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.EVENT_STREAM)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
            .build());
    ScheduledFuture<?> beat =
        loop.scheduleAtFixedRate(
            this::beat,
            pace.keepAlive().toMillis(),
            pace.keepAlive().toMillis(),
            TimeUnit.MILLISECONDS);
    var unused =
        writer
            .whenComplete()
            .handle(
                (done, failure) -> {
                  beat.cancel(false);
                  source.close();
                  return failure;
                });
    wake();
  }

  private void beat() {
    if (!busy) {
      send(KEEP_ALIVE);
    } else if (System.nanoTime() - busySinceNanos > pace.stall().toNanos()) {
      LOG.info("event=stream-dropped reason=slow client=\"{}\"", client);
      writer.abort();
    }
  }

  private void pump() {
    if (busy) {
      wanted = true;
      return;
    }
    wanted = false;
    busy = true;
    busySinceNanos = System.nanoTime();
    var unused =
        source
            .next()
            .whenCompleteAsync(
                (chunk, failure) -> {
                  busy = false;
                  if (failure != null || !writer.isOpen()) {
                    writer.close();
                  } else if (chunk.isPresent()) {
                    wanted = true;
                    send(chunk.get());
                  } else if (wanted) {
                    pump();
                  }
                },
                loop);
  }

  private void send(String text) {
    if (!writer.tryWrite(HttpData.ofUtf8(text))) {
      return;
    }
    busy = true;
    busySinceNanos = System.nanoTime();
    var unused =
        writer
            .whenConsumed()
            .whenCompleteAsync(
                (consumed, failure) -> {
                  busy = false;
                  if (failure == null && wanted) {
                    pump();
                  }
                },
                loop);
  }
}
