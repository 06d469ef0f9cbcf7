package io.fynbos.agent.link;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.agent.event.Backoff;
import io.fynbos.agent.event.EventThread;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The standing connection to the controller: registers the host, then follows its stream of orders.
 * A stream that ends, or on which not even a keep-alive is heard, is opened anew after a short
 * wait, for ever. Callbacks come on the event thread, where all methods must be called too.
 */
public final class ControllerLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerLink.class);

  /** The controller sends a comment every five seconds. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(12);

  private static final Duration CHECK = Duration.ofSeconds(1);
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MOST = Duration.ofSeconds(1);

  /** Hears of the controller. */
  public interface Listener {
    /** The host is registered and orders can come. */
    void up();

    /** Told after each {@link #up}: nothing can be reported until the next one. */
    void down();

    /** An order came. */
    void ordered(Order order);
  }

  private final ControllerApi api;
  private final String path;
  private final ObjectNode registration;
  private final EventThread events;
  private final LongSupplier nanos;
  private final Backoff backoff;
  private final Listener listener;
  private Optional<Attempt> current = Optional.empty();
  private String lastComplaint = "";
  private boolean closed;

  /** Does nothing before {@link #start}. */
  public ControllerLink(
      ControllerApi api,
      HostName host,
      IpAddress underlay,
      String datapathId,
      EventThread events,
      LongSupplier nanos,
      Listener listener) {
    this.api = api;
    this.path = "v1/hosts/" + host;
    this.registration = JsonNodeFactory.instance.objectNode();
    registration.put("kind", "Host");
    registration.put("name", host.toString());
    registration.put("underlay", underlay.toString());
    registration.put("datapathId", datapathId);
    this.events = events;
    this.nanos = nanos;
    this.backoff = events.backoff(RETRY_FIRST, RETRY_MOST);
    this.listener = listener;
  }

  /** Begins to connect. */
  public void start() {
    events.every(CHECK, () -> current.ifPresent(Attempt::checkSilence));
    connect();
  }

  /** Sends JSON below this host's path. */
  public CompletableFuture<ControllerApi.Answer> send(String method, String below, byte[] body) {
    return api.send(method, path + "/" + below, body);
  }

  /** The controller does not know us any more: register again. */
  public void restart(String why) {
    current.ifPresent(attempt -> attempt.end(why));
  }

  /** Whether orders can come now. */
  public boolean isUp() {
    return current.isPresent() && current.get().up;
  }

  @Override
  public void close() {
    closed = true;
    current.ifPresent(attempt -> attempt.end("closed"));
  }

  private void connect() {
    if (closed) {
      return;
    }
    Attempt attempt = new Attempt();
    current = Optional.of(attempt);
    events.when(
        api.send("PUT", path, registration),
        answer -> {
          if (answer.done()) {
            attempt.open();
          } else {
            attempt.end("registration was refused: " + answer.status() + " " + answer.body());
          }
        },
        failure -> attempt.end(reason(failure)));
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause.getClass().getSimpleName()
        + (cause.getMessage() == null ? "" : ": " + cause.getMessage());
  }

  /** From one connect to the end of its stream. */
  private final class Attempt implements Flow.Subscriber<List<ByteBuffer>> {
    private final SseParser parser = new SseParser();
    private Optional<Flow.Subscription> subscription = Optional.empty();
    private long heardNanos = nanos.getAsLong();
    private boolean up;
    private boolean over;

    private void open() {
      if (over) {
        return;
      }
      events.when(
          api.stream(path + "/orders", this),
          response -> end("the stream of orders ended with status " + response.statusCode()),
          failure -> end(reason(failure)));
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      given.request(Long.MAX_VALUE);
      events.execute(
          () -> {
            if (over) {
              given.cancel();
            } else {
              subscription = Optional.of(given);
              streaming();
            }
          });
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      events.execute(() -> buffers.forEach(this::received));
    }

    @Override
    public void onError(Throwable failure) {
      events.execute(() -> end(reason(failure)));
    }

    @Override
    public void onComplete() {
      events.execute(() -> end("the stream of orders ended"));
    }

    private void streaming() {
      heardNanos = nanos.getAsLong();
      up = true;
      backoff.reset();
      lastComplaint = "";
      LOG.info("event=controller-up");
      listener.up();
    }

    private void received(ByteBuffer bytes) {
      if (over) {
        return;
      }
      heardNanos = nanos.getAsLong();
      try {
        for (SseEvent event : parser.feed(bytes)) {
          Order.decode(event).ifPresent(listener::ordered);
        }
      } catch (IllegalArgumentException e) {
        end("bad order: " + e.getMessage());
      }
    }

    private void checkSilence() {
      if (nanos.getAsLong() - heardNanos > SILENCE_MAX.toNanos()) {
        end("nothing heard for " + SILENCE_MAX.toSeconds() + " s");
      }
    }

    private void end(String why) {
      if (over) {
        return;
      }
      over = true;
      subscription.ifPresent(Flow.Subscription::cancel);
      if (up) {
        LOG.warn("event=controller-down reason=\"{}\"", why);
        listener.down();
      } else if (!why.equals(lastComplaint)) {
        LOG.warn("event=controller-unreachable reason=\"{}\"", why);
        lastComplaint = why;
      }
      current = Optional.empty();
      if (!closed) {
        events.later(backoff.next(), ControllerLink.this::connect);
      }
    }
  }
}
