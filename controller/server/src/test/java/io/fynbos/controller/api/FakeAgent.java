package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fynbos.policy.report.HostAnswer;
import io.fynbos.policy.wire.HostReports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;

/** An agent that follows a host's orders over HTTP and answers what it is asked. */
public final class FakeAgent implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final RunningApi api;
  private final String host;
  private final Function<JsonNode, HostAnswer> answers;
  private final Stream<String> lines;
  private final CountDownLatch following = new CountDownLatch(1);
  private final Queue<JsonNode> asked = new ConcurrentLinkedQueue<>();

  /** Follows from now on; {@code answers} says what it answers to a question. */
  public FakeAgent(RunningApi api, String host, Function<JsonNode, HostAnswer> answers) {
    this.api = api;
    this.host = host;
    this.answers = answers;
    this.lines = api.stream("/v1/hosts/" + host + "/orders");
    Thread thread = new Thread(this::follow, "fake-agent-" + host);
    thread.setDaemon(true);
    thread.start();
    try {
      following.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What it was asked, in order. */
  public Queue<JsonNode> asked() {
    return asked;
  }

  private void follow() {
    String[] event = {""};
    try {
      lines.forEach(
          line -> {
            if (line.startsWith("event: ")) {
              event[0] = line.substring(7);
            } else if (line.startsWith("data: ")) {
              following.countDown();
              order(event[0], line.substring(6));
            }
          });
    } catch (UncheckedIOException e) {
      // The controller closed.
      following.countDown();
    }
  }

  private void order(String event, String data) {
    JsonNode order;
    try {
      order = JSON.readTree(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String path = "/v1/hosts/" + host;
    if (event.equals("revalidate")) {
      api.post(path + "/applied", "{\"revision\": " + order.path("revision").asLong() + "}");
    } else if (event.equals("ask")) {
      asked.add(order);
      byte[] answer = HostReports.writeAnswer(answers.apply(order));
      api.post(
          path + "/answers/" + order.path("id").asLong(),
          new String(answer, StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    lines.close();
  }
}
