package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.controller.reconcile.Orders;
import io.fynbos.controller.reconcile.Question;
import io.fynbos.controller.reconcile.Questions;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.UniverseNumber;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The orders of one host and the questions to it, as events. Its fields are used on the stream's
 * event loop only.
 */
final class OrderSource implements EventStream.Source, Orders.Follower {
  private final HostName host;
  private final Orders orders;
  private Optional<EventStream> stream = Optional.empty();
  private Optional<Orders.Standing> sent = Optional.empty();
  private long asked;

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
    StringBuilder events = new StringBuilder();
    standing(events);
    for (Questions.Asked question : orders.questions().after(host, asked)) {
      asked = question.id();
      events.append(event("ask", json(question)));
    }
    return CompletableFuture.completedFuture(
        events.isEmpty() ? Optional.empty() : Optional.of(events.toString()));
  }

  private void standing(StringBuilder events) {
    Orders.Standing now = orders.of(host);
    boolean neighboursNew = sent.isEmpty() || !sent.get().neighbours().equals(now.neighbours());
    if (neighboursNew) {
      ObjectNode data = Json.object();
      ArrayNode underlays = data.putArray("underlays");
      now.neighbours().stream().map(IpAddress::toString).forEach(underlays::add);
      events.append(event("neighbours", data));
    }
    boolean revalidateNew = sent.isEmpty() || sent.get().asked() != now.asked();
    if (revalidateNew) {
      now.revalidate().ifPresent(order -> events.append(event("revalidate", json(order))));
    }
    sent = Optional.of(now);
  }

  private static ObjectNode json(Orders.Revalidate order) {
    ObjectNode data = Json.object().put("revision", order.revision().number());
    numbers(data.putArray("zones"), order.universes());
    return data;
  }

  private static ObjectNode json(Questions.Asked asked) {
    ObjectNode data = Json.object().put("id", asked.id());
    Question question = asked.question();
    if (question instanceof Question.Trace trace) {
      data.put("what", "trace").put("flow", trace.flow());
      texts(data.putArray("ctNext"), trace.ctNext());
    } else if (question instanceof Question.Connections connections) {
      data.put("what", "connections");
      numbers(data.putArray("universes"), connections.universes());
      data.put("limit", connections.limit());
    }
    return data.put("deadlineMillis", asked.patience().toMillis());
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  private static void numbers(ArrayNode array, Collection<UniverseNumber> numbers) {
    numbers.forEach(number -> array.add(number.number()));
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
