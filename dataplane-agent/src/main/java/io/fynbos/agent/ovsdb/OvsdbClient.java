package io.fynbos.agent.ovsdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fynbos.agent.event.Backoff;
import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.jsonrpc.JsonRpcException;
import io.fynbos.agent.jsonrpc.JsonRpcSession;
import io.fynbos.agent.jsonrpc.PeerAddress;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link Replica} of the database for as long as it lives: connects, watches, and begins
 * again when the server goes away or sends what it should not. The listener is called on the event
 * thread, where all methods must be called too.
 */
public final class OvsdbClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OvsdbClient.class);
  private static final String DATABASE = "Open_vSwitch";
  private static final String MONITOR = "fynbos";
  private static final Duration SILENCE = Duration.ofSeconds(5);
  private static final Duration REPLY = Duration.ofSeconds(10);
  private static final Duration RETRY_FIRST = Duration.ofMillis(20);
  private static final Duration RETRY_MOST = Duration.ofSeconds(1);

  /** Hears of the database. */
  public interface Listener {
    /** The database is now so; also told when a new session has brought the first state. */
    void changed(Replica replica);

    /** The session ended; the last state told stays the best there is. */
    void lost(String why);
  }

  private final EventLoopGroup loop;
  private final PeerAddress address;
  private final EventThread events;
  private final Listener listener;
  private final Backoff backoff;
  private Optional<JsonRpcSession> session = Optional.empty();
  private Optional<Replica> replica = Optional.empty();
  private boolean closed;

  /** Does nothing before {@link #start}. */
  public OvsdbClient(
      EventLoopGroup loop, PeerAddress address, EventThread events, Listener listener) {
    this.loop = loop;
    this.address = address;
    this.events = events;
    this.listener = listener;
    this.backoff = events.backoff(RETRY_FIRST, RETRY_MOST);
  }

  /** Begins to connect. */
  public void start() {
    connect();
  }

  /** Whether a session is up and its first state has come. */
  public boolean ready() {
    return session.isPresent() && replica.isPresent();
  }

  /**
   * Runs the operations as one transaction, all or nothing. The result holds one reply for each
   * operation; it fails when the transaction was aborted (a prerequisite did not hold, a constraint
   * was violated) or the session ended, and then nobody knows whether it was committed.
   */
  public CompletableFuture<List<JsonNode>> transact(List<Operation> operations) {
    if (session.isEmpty()) {
      return CompletableFuture.failedFuture(new JsonRpcException("no database session"));
    }
    ArrayNode params = JsonNodeFactory.instance.arrayNode().add(DATABASE);
    for (Operation operation : operations) {
      params.add(operation.toJson());
    }
    CompletableFuture<List<JsonNode>> result = new CompletableFuture<>();
    events.when(
        session.get().call("transact", params).orTimeout(REPLY.toMillis(), TimeUnit.MILLISECONDS),
        reply -> finish(operations, reply, result),
        result::completeExceptionally);
    return result;
  }

  /** Ends the session and stays closed. */
  @Override
  public void close() {
    closed = true;
    session.ifPresent(JsonRpcSession::close);
    session = Optional.empty();
  }

  private static void finish(
      List<Operation> operations, JsonNode reply, CompletableFuture<List<JsonNode>> result) {
    List<JsonNode> results = new ArrayList<>();
    reply.forEach(results::add);
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).has("error")) {
        String operation =
            i < operations.size() ? operations.get(i).toJson().toString() : "the commit";
        result.completeExceptionally(
            new OvsdbException("transaction aborted at " + operation + ": " + results.get(i)));
        return;
      }
    }
    if (results.size() != operations.size()) {
      result.completeExceptionally(
          new OvsdbException(operations.size() + " operations, " + results.size() + " results"));
      return;
    }
    result.complete(results);
  }

  private void connect() {
    if (!closed) {
      JsonRpcSession.connect(loop, address, SILENCE, new Peer());
    }
  }

  private void opened(JsonRpcSession opened, Peer peer) {
    if (closed) {
      opened.close();
      return;
    }
    session = Optional.of(opened);
    ArrayNode params = JsonNodeFactory.instance.arrayNode().add(DATABASE).add(MONITOR);
    params.add(Replica.monitorRequests());
    events.when(
        opened.call("monitor", params).orTimeout(REPLY.toMillis(), TimeUnit.MILLISECONDS),
        reply -> {
          if (!peer.ended) {
            LOG.info("event=ovsdb-connected address={}", address);
            replica = Optional.of(Replica.EMPTY);
            update(reply);
          }
        },
        failure -> {
          LOG.warn("event=ovsdb-monitor-refused reason=\"{}\"", failure.toString());
          opened.close();
        });
  }

  private void update(JsonNode tableUpdates) {
    if (replica.isEmpty()) {
      return;
    }
    try {
      Replica next = replica.get().apply(tableUpdates);
      replica = Optional.of(next);
      backoff.reset();
      listener.changed(next);
    } catch (OvsdbException e) {
      LOG.warn("event=ovsdb-bad-update reason=\"{}\"", e.getMessage());
      session.ifPresent(JsonRpcSession::close);
    }
  }

  private void ended(JsonRpcException cause) {
    boolean was = replica.isPresent();
    session = Optional.empty();
    replica = Optional.empty();
    if (was) {
      LOG.warn("event=ovsdb-lost reason=\"{}\"", cause.getMessage());
      listener.lost(String.valueOf(cause.getMessage()));
    }
    if (!closed) {
      events.later(backoff.next(), this::connect);
    }
  }

  /** Hands what the session hears to the event thread, in the order it came. */
  private final class Peer implements JsonRpcSession.Listener {
    private boolean ended;

    @Override
    public void opened(JsonRpcSession opened) {
      events.execute(() -> OvsdbClient.this.opened(opened, this));
    }

    @Override
    public void notified(String method, JsonNode params) {
      events.execute(
          () -> {
            boolean ours = params.size() == 2 && params.get(0).asText().equals(MONITOR);
            if (method.equals("update") && ours && !ended) {
              update(params.get(1));
            }
          });
    }

    @Override
    public void closed(JsonRpcException cause) {
      events.execute(
          () -> {
            ended = true;
            OvsdbClient.this.ended(cause);
          });
    }
  }
}
