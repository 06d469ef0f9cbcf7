package io.fynbos.agent.ask;

import static io.fynbos.agent.support.Threads.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.agent.link.Question;
import io.fynbos.agent.support.LinkedPeer;
import io.fynbos.agent.support.UnixDaemon;
import io.fynbos.agent.unixctl.ControlSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Questions to a switch that answers as it likes, or not at all. */
class QuestionsTest {
  private static final String LINE =
      "tcp,orig=(src=10.0.1.10,dst=10.0.2.10,sport=%d,dport=5432),reply=(src=10.0.2.10,"
          + "dst=10.0.1.10,sport=5432,dport=%d),zone=18,protoinfo=(state=ESTABLISHED)\n";
  private static final Duration LONG = Duration.ofSeconds(10);

  private final LinkedPeer peer = new LinkedPeer();
  private final CountDownLatch silent = new CountDownLatch(1);
  private final AtomicInteger commands = new AtomicInteger();
  private final UnixDaemon daemon = new UnixDaemon("ovs-vswitchd", this::reply);
  private final Questions questions =
      new Questions(
          new ControlSocket(
              peer.threads().loop(), daemon.directory(), "ovs-vswitchd", peer.threads().events()),
          "netdev@ovs-netdev",
          peer.link(),
          peer.threads().events(),
          System::nanoTime);

  @AfterEach
  void stop() {
    silent.countDown();
    peer.close();
    daemon.close();
  }

  private String reply(JsonNode request) throws InterruptedException {
    commands.incrementAndGet();
    String words = request.path("params").toString();
    if (words.contains("nw_ttl=99")) {
      silent.await();
    }
    if (words.contains("zone=20")) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 30_000; i++) {
        lines.append(LINE.formatted(i, i));
      }
      return lines.toString();
    }
    if (words.contains("zone=")) {
      return LINE.formatted(1, 1) + LINE.formatted(2, 2);
    }
    return words.contains("nw_ttl=98") ? "x".repeat(2_000_000) : words;
  }

  private void ask(Question question) {
    peer.threads().events().execute(() -> questions.ask(question));
  }

  private JsonNode answerTo(int id) {
    await(() -> !peer.controller().posted("answers/" + id).isEmpty());
    return peer.controller().posted("answers/" + id).get(0);
  }

  private void connect() {
    peer.controller().start();
    peer.start(() -> {});
    await(() -> peer.controller().listeners() == 1);
  }

  @Test
  void aTraceIsAskedOfTheIntegrationBridgeInSeparateWords() {
    connect();
    ask(new Question.Trace(7, LONG, List.of("tcp,nw_ttl=3", "--ct-next", "trk,est")));
    assertThat(answerTo(7).path("text").asText())
        .isEqualTo("[\"br-int\",\"tcp,nw_ttl=3\",\"--ct-next\",\"trk,est\"]");
  }

  @Test
  void connectionsOfSeveralZonesAreGatheredUpToTheLimit() {
    connect();
    ask(new Question.Connections(1, LONG, List.of(18, 19), 100));
    assertThat(answerTo(1).path("connections")).hasSize(4);
    assertThat(answerTo(1).path("truncated").asBoolean()).isFalse();
    ask(new Question.Connections(2, LONG, List.of(18, 19), 3));
    assertThat(answerTo(2).path("connections")).hasSize(3);
    assertThat(answerTo(2).path("truncated").asBoolean()).isTrue();
    ask(new Question.Connections(3, LONG, List.of(), 3));
    assertThat(answerTo(3).path("connections")).isEmpty();
  }

  @Test
  void aListBeyondTheBoundIsReadOnlyToThere() {
    connect();
    ask(new Question.Connections(1, LONG, List.of(20, 21), Question.CONNECTIONS_MAX));
    JsonNode answer = answerTo(1);
    assertThat(answer.path("truncated").asBoolean()).isTrue();
    assertThat(answer.path("connections")).hasSize(Question.CONNECTIONS_MAX);
    assertThat(answer.path("connections").path(9_999).path("sourcePort").asInt()).isEqualTo(9_999);
    assertThat(commands).hasValue(1);
  }

  @Test
  void aTraceIsGivenUpToTheBound() {
    connect();
    ask(new Question.Trace(1, LONG, List.of("tcp,nw_ttl=98")));
    assertThat(answerTo(1).path("text").asText()).isEqualTo("x".repeat(Questions.TRACE_CHARS_MAX));
  }

  @Test
  void aSilentSwitchIsAnErrorAndHoldsUpOnlySoMany() {
    connect();
    Duration brief = Duration.ofMillis(300);
    for (int id = 1; id <= Questions.UNDER_WAY_MAX; id++) {
      ask(new Question.Trace(id, brief, List.of("tcp,nw_ttl=99")));
    }
    ask(new Question.Trace(50, LONG, List.of("tcp,nw_ttl=3")));
    assertThat(answerTo(1).path("error").asText()).contains("did not answer within 300 ms");
    assertThat(answerTo(50).path("text").asText()).contains("nw_ttl=3");
  }

  @Test
  void questionsBeyondTheBoundAndBadOnesAreErrors() {
    connect();
    for (int id = 1; id <= Questions.UNDER_WAY_MAX + Questions.WAITING_MAX; id++) {
      ask(new Question.Trace(id, LONG, List.of("tcp,nw_ttl=99")));
    }
    ask(new Question.Trace(100, LONG, List.of("tcp,nw_ttl=3")));
    assertThat(answerTo(100).path("error").asText()).contains("64 questions are waiting");
    silent.countDown();
    answerTo(Questions.UNDER_WAY_MAX + Questions.WAITING_MAX);
    ask(new Question.Refused(101, LONG, "because"));
    assertThat(answerTo(101).path("error").asText()).isEqualTo("because");
    assertThat(peer.threads().events().faults()).isZero();
  }

  @Test
  void aSwitchThatIsAwayIsAnError() {
    connect();
    daemon.close();
    ask(new Question.Trace(1, LONG, List.of("tcp")));
    assertThat(answerTo(1).path("error").asText()).contains("no control socket of ovs-vswitchd");
  }
}
