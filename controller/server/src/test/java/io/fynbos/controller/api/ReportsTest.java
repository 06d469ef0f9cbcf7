package io.fynbos.controller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fynbos.controller.api.RunningApi.Answer;
import io.fynbos.controller.flowlog.FlowLog;
import io.fynbos.controller.reconcile.Question;
import io.fynbos.controller.reconcile.Unanswered;
import io.fynbos.controller.store.InMemoryStore;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.report.HostAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What agents report of packets, and what they are asked. */
class ReportsTest {
  private static final HostName H1 = new HostName("h1");
  private static final String DOCUMENTS =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/16]}
      ---
      {kind: Universe, name: red, prefixes: [10.0.0.0/16]}
      ---
      {kind: SecurityGroup, universe: blue, name: web}
      ---
      {kind: Endpoint, universe: blue, name: web1, groups: [web], addresses: [10.0.1.10],
       allowedAddresses: [10.0.9.9]}
      ---
      {kind: Endpoint, universe: blue, name: web2, groups: [web], addresses: [10.0.1.11],
       allowedAddresses: [10.0.9.9]}
      ---
      {kind: Endpoint, universe: blue, name: db1, addresses: [10.0.2.10]}
      ---
      {kind: Policy, universe: blue, name: web-to-db, tier: universe,
       rules: [{direction: in, action: allow, peers: [{group: web}],
                services: [{protocol: tcp, ports: ["5432"]}], log: true}]}
      ---
      {kind: Host, name: h1, underlay: 172.31.0.1, datapathId: "0000000000000001"}
      """;

  private final RunningApi api = new RunningApi(new InMemoryStore());

  @BeforeEach
  void fill() {
    assertThat(api.post("/v1/apply", DOCUMENTS).status()).isEqualTo(200);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private Image image() {
    return api.controller().image();
  }

  // --- the flow log -----------------------------------------------------------------------------

  private String record(int universe) {
    int web = image().identity(EndpointRef.of("blue", "web1")).number();
    int db = image().identity(EndpointRef.of("blue", "db1")).number();
    long rule = (long) image().number(PolicyRef.of("blue", "web-to-db")).number() << 10;
    return """
        {"time": "2026-05-01T10:15:30.123Z", "universe": %d, "sender": %d, "receiver": %d,
         "source": "10.0.1.10", "destination": "10.0.2.10", "protocol": 6, "sourcePort": 40000,
         "destinationPort": 5432, "verdict": "allow", "rules": [%d, 999999999], "bytes": 60,
         "direction": "in"}"""
        .formatted(universe, web, db, rule);
  }

  private String blue() {
    return record(image().number(EndpointRef.of("blue", "web1").universe()).number());
  }

  private Answer log(String records, long dropped) {
    return api.post(
        "/v1/hosts/h1/flow-log", "{\"records\": [" + records + "], \"dropped\": " + dropped + "}");
  }

  @Test
  void loggedPacketsAreReadWithNamesInPlaceOfNumbers() throws IOException {
    assertThat(log(blue(), 3).json().path("accepted").asInt()).isEqualTo(1);
    List<String> lines = api.stream("/v1/flow-log").toList();
    assertThat(lines).containsSubsequence("id: 1", "event: flow", "id: 2", "event: dropped");
    JsonNode flow = data(lines).get(0);
    assertThat(flow)
        .isEqualTo(
            JsonMapper.builder()
                .build()
                .readTree(
                    """
                    {"time": "2026-05-01T10:15:30.123Z", "host": "h1", "universe": "blue",
                     "from": "blue/web1", "fromGroups": ["web"],
                     "to": "blue/db1", "toGroups": [],
                     "source": "10.0.1.10", "destination": "10.0.2.10", "protocol": "tcp",
                     "sourcePort": 40000, "destinationPort": 5432, "direction": "in",
                     "verdict": "allow",
                     "rules": [{"policy": "blue/web-to-db", "rule": 0,
                                "text": "allow in from group blue/web on tcp/5432"},
                               {"number": 999999999}],
                     "bytes": 60}"""));
    assertThat(data(lines).get(1).path("dropped").asInt()).isEqualTo(3);
    assertThat(api.get("/metrics").body())
        .contains("fynbos_flow_log_records_total{verdict=\"allow\"} 1.0")
        .contains("fynbos_flow_log_dropped_total{where=\"host\"} 3.0");
  }

  private static List<JsonNode> data(List<String> lines) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("data: ")) {
        found.add(JsonMapper.builder().build().readTree(line.substring(6)));
      }
    }
    return found;
  }

  @Test
  void theFileHasTheSameLinesAndOnlyItsOwnerReadsIt() throws IOException {
    log(blue(), 0);
    log(blue(), 1);
    Path file = api.directory().resolve("flow.jsonl");
    await().until(() -> Files.exists(file) && Files.readAllLines(file).size() == 3);
    assertThat(Files.readAllLines(file).get(0)).contains("\"from\":\"blue/web1\"");
    assertThat(Files.readAllLines(file).get(2)).contains("\"dropped\":1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void whoeverFollowsGetsWhatComes() {
    Iterator<String> lines = api.stream("/v1/flow-log?follow=true&universe=blue").iterator();
    log(blue(), 0);
    assertThat(lines.next()).isEqualTo("id: 1");
    assertThat(lines.next()).isEqualTo("event: flow");
    assertThat(lines.next()).contains("\"universe\":\"blue\"");
  }

  @Test
  void aReaderOfOneUniverseSeesNoOther() {
    log(blue(), 0);
    assertThat(api.stream("/v1/flow-log?universe=red").toList()).isEmpty();
    assertThat(api.get("/v1/flow-log?universe=none").type()).isEqualTo("not-found");
    assertThat(api.get("/v1/flow-log?follow=maybe").type()).isEqualTo("invalid-parameter");
  }

  @Test
  void aReaderThatComesTooLateIsToldHowMuchItMissed() throws IOException {
    log(blue(), 0);
    String many = String.join(",", Collections.nCopies(500, blue()));
    for (int sent = 0; sent < FlowLog.RECENT_LINES_MAX; sent += 500) {
      assertThat(log(many, 0).status()).isEqualTo(200);
    }
    try (Stream<String> lines = api.stream("/v1/flow-log", "Last-Event-ID", "0")) {
      JsonNode first = data(lines.limit(2).toList()).get(0);
      assertThat(first.path("dropped").asInt()).isEqualTo(1);
      assertThat(first.path("where").asText()).isEqualTo("reader");
    }
  }

  @Test
  void whatIsWrongWithAReportIsSaid() {
    assertThat(api.post("/v1/hosts/h9/flow-log", "{\"records\": []}").status()).isEqualTo(404);
    assertThat(log("{}", 0).json().path("field").asText()).isEqualTo("records[0].time");
    String many = String.join(",", Collections.nCopies(501, blue()));
    assertThat(log(many, 0).status()).isEqualTo(413);
    assertThat(log(record(5), 0).status()).isEqualTo(200);
    assertThat(log(record(16_777_215), 0).status()).isEqualTo(200);
  }

  // --- claims -----------------------------------------------------------------------------------

  private String id(String name) {
    return image().endpoint(EndpointRef.of("blue", name)).orElseThrow().id().toString();
  }

  private Answer claim(String endpoint, String address, long ageMillis) {
    return api.post(
        "/v1/hosts/h1/claims",
        "{\"claims\": [{\"id\": \"%s\", \"address\": \"%s\", \"ageMillis\": %d}]}"
            .formatted(endpoint, address, ageMillis));
  }

  private String owner() {
    return image()
        .endpointAt(EndpointRef.of("blue", "web1").universe(), IpAddress.parse("10.0.9.9"))
        .orElseThrow()
        .ref()
        .name()
        .value();
  }

  @Test
  void theLastToClaimASharedAddressHasIt() {
    String bindings =
        "{\"bindings\": [{\"id\": \"%s\", \"ofport\": 5}, {\"id\": \"%s\", \"ofport\": 6}]}"
            .formatted(id("web1"), id("web2"));
    assertThat(api.put("/v1/hosts/h1/bindings", bindings).status()).isEqualTo(200);
    assertThat(owner()).isEqualTo("web1");
    assertThat(claim(id("web2"), "10.0.9.9", 0).json().path("refused")).isEmpty();
    assertThat(owner()).isEqualTo("web2");
    claim(id("web1"), "10.0.9.9", 60_000);
    assertThat(owner()).as("a claim that was older").isEqualTo("web2");
    claim(id("web1"), "10.0.9.9", 0);
    assertThat(owner()).isEqualTo("web1");
  }

  @Test
  void aClaimThatCannotBeIsToldAndTheOthersCount() {
    JsonNode refused = claim(id("db1"), "10.0.9.9", 0).json().path("refused");
    assertThat(refused).hasSize(1);
    assertThat(refused.get(0).path("type").asText()).isNotEmpty();
    assertThat(refused.get(0).path("detail").asText()).contains("db1");
    assertThat(claim("x", "10.0.9.9", 0).json().path("field").asText()).isEqualTo("claims[0].id");
  }

  // --- questions --------------------------------------------------------------------------------

  private CompletableFuture<HostAnswer> ask(Duration patience) {
    return api.fleet()
        .orders()
        .questions()
        .ask(H1, new Question.Trace("in_port=5", List.of("trk,new")), patience);
  }

  @Test
  void anAgentIsAskedAndAnswers() throws Exception {
    HostAnswer text = new HostAnswer.Text("Flow: ip");
    try (FakeAgent agent = new FakeAgent(api, "h1", question -> text)) {
      await().until(() -> api.get("/v1/hosts/h1").json().at("/status/agent").asBoolean());
      assertThat(ask(Duration.ofSeconds(10)).get()).isEqualTo(text);
      assertThat(agent.asked().element().toString())
          .isEqualTo(
              "{\"id\":1,\"what\":\"trace\",\"flow\":\"in_port=5\",\"ctNext\":[\"trk,new\"],"
                  + "\"deadlineMillis\":10000}");
    }
  }

  @Test
  void aQuestionThatIsNotAnsweredSaysWhy() {
    assertThatThrownBy(() -> ask(Duration.ofSeconds(1)).get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(Unanswered.class)
        .hasMessageContaining("its agent is not connected");
    try (Stream<String> silent = api.stream("/v1/hosts/h1/orders")) {
      assertThat(silent.iterator().next()).isEqualTo("event: neighbours");
      await().until(() -> api.get("/v1/hosts/h1").json().at("/status/agent").asBoolean());
      assertThatThrownBy(() -> ask(Duration.ofMillis(50)).get())
          .hasMessageContaining("its agent did not answer within 50 ms");
      List<CompletableFuture<HostAnswer>> many = new ArrayList<>();
      for (int i = 0; i <= 64; i++) {
        many.add(ask(Duration.ofSeconds(30)));
      }
      assertThatThrownBy(() -> many.get(64).get()).hasMessageContaining("64 questions waiting");
    }
  }

  @Test
  void anAnswerThatNobodyWaitsForIsRefused() {
    assertThat(api.post("/v1/hosts/h1/answers/7", "{\"text\": \"\"}").status()).isEqualTo(404);
    assertThat(api.post("/v1/hosts/h1/answers/x", "{\"text\": \"\"}").type())
        .isEqualTo("invalid-id");
    assertThat(api.post("/v1/hosts/h1/answers/7", "{\"texts\": \"\"}").status()).isEqualTo(400);
    assertThat(api.post("/v1/hosts/h9/answers/7", "{\"text\": \"\"}").status()).isEqualTo(404);
  }
}
