package io.fynbos.labs.bench.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.agent.jsonrpc.JsonRpcException;
import io.fynbos.agent.jsonrpc.JsonRpcSession;
import io.fynbos.agent.jsonrpc.PeerAddress;
import io.fynbos.labs.runner.LabException;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A standing connection to one OVSDB server (RFC 7047), for transactions and for waiting until a
 * column of a table with one row has reached a number.
 */
final class OvsdbPeer implements AutoCloseable {
  static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Duration REPLY_LIMIT = Duration.ofMinutes(2);

  private final String database;
  private final JsonRpcSession session;
  private final Map<String, Long> numbers = new HashMap<>();

  private OvsdbPeer(String database, JsonRpcSession session) {
    this.database = database;
    this.session = session;
  }

  /** Connects, and follows some columns of a table with one row. */
  static OvsdbPeer connect(
      EventLoopGroup loop, Path socket, String database, String table, List<String> columns) {
    CompletableFuture<OvsdbPeer> connected = new CompletableFuture<>();
    JsonRpcSession.connect(
        loop,
        new PeerAddress.Unix(socket),
        Duration.ZERO,
        new JsonRpcSession.Listener() {
          @Override
          public void opened(JsonRpcSession opened) {
            connected.complete(new OvsdbPeer(database, opened));
          }

          @Override
          public void notified(String method, JsonNode params) {
            if (method.equals("update")) {
              connected.thenAccept(peer -> peer.update(params.path(1))).join();
            }
          }

          @Override
          public void closed(JsonRpcException cause) {
            connected.completeExceptionally(cause);
          }
        });
    OvsdbPeer peer = await(connected);
    ArrayNode wanted = JSON.arrayNode();
    columns.forEach(wanted::add);
    ObjectNode requests = JSON.objectNode();
    requests.putObject(table).set("columns", wanted);
    peer.update(
        await(peer.session.call("monitor", JSON.arrayNode().add(database).add("m").add(requests))));
    return peer;
  }

  private void update(JsonNode tables) {
    synchronized (numbers) {
      for (JsonNode rows : tables) {
        for (JsonNode row : rows) {
          row.path("new")
              .properties()
              .forEach(each -> numbers.put(each.getKey(), each.getValue().asLong()));
        }
      }
      numbers.notifyAll();
    }
  }

  /** The last number heard of in a column. */
  long number(String column) {
    synchronized (numbers) {
      return numbers.getOrDefault(column, 0L);
    }
  }

  /** Whether a column has reached a number within this time. */
  boolean reaches(String column, long number, Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    synchronized (numbers) {
      while (numbers.getOrDefault(column, 0L) < number) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        try {
          numbers.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new LabException("interrupted", e);
        }
      }
      return true;
    }
  }

  /** Runs one transaction, and gives the result of each operation. */
  List<JsonNode> transact(List<ObjectNode> operations) {
    ArrayNode params = JSON.arrayNode().add(database);
    operations.forEach(params::add);
    List<JsonNode> results = new ArrayList<>();
    await(session.call("transact", params)).forEach(results::add);
    for (JsonNode result : results) {
      if (result.has("error")) {
        throw new LabException("a transaction of " + database + " failed: " + result);
      }
    }
    return results;
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(REPLY_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new LabException("an OVSDB server of OVN does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  // --- operations -------------------------------------------------------------------------------

  static ObjectNode insert(String table, String uuidName, ObjectNode row) {
    ObjectNode operation = JSON.objectNode();
    operation.put("op", "insert").put("table", table).put("uuid-name", uuidName).set("row", row);
    return operation;
  }

  static ObjectNode update(String table, ArrayNode where, ObjectNode row) {
    ObjectNode operation = JSON.objectNode();
    operation.put("op", "update").put("table", table);
    operation.set("where", where);
    operation.set("row", row);
    return operation;
  }

  static ObjectNode mutate(
      String table, ArrayNode where, String column, String mutator, JsonNode value) {
    ObjectNode operation = JSON.objectNode();
    operation.put("op", "mutate").put("table", table);
    operation.set("where", where);
    operation.putArray("mutations").addArray().add(column).add(mutator).add(value);
    return operation;
  }

  static ObjectNode select(String table, ArrayNode where, String... columns) {
    ObjectNode operation = JSON.objectNode();
    operation.put("op", "select").put("table", table);
    operation.set("where", where);
    ArrayNode wanted = operation.putArray("columns");
    for (String column : columns) {
      wanted.add(column);
    }
    return operation;
  }

  /** The condition that holds for every row. */
  static ArrayNode everywhere() {
    return JSON.arrayNode();
  }

  /** The condition that holds for one row. */
  static ArrayNode row(String uuid) {
    ArrayNode where = JSON.arrayNode();
    where.addArray().add("_uuid").add("==").add(uuid(uuid));
    return where;
  }

  static ArrayNode uuid(String uuid) {
    return JSON.arrayNode().add("uuid").add(uuid);
  }

  static ArrayNode named(String uuidName) {
    return JSON.arrayNode().add("named-uuid").add(uuidName);
  }

  static ArrayNode set(List<? extends JsonNode> members) {
    ArrayNode set = JSON.arrayNode().add("set");
    ArrayNode all = set.addArray();
    members.forEach(all::add);
    return set;
  }

  @Override
  public void close() {
    session.close();
  }
}
