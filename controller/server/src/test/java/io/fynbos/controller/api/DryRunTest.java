package io.fynbos.controller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.controller.api.RunningApi.Answer;
import io.fynbos.controller.store.InMemoryStore;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.report.HostAnswer;
import io.fynbos.policy.report.TrackedConnection;
import io.fynbos.policy.verdict.Transport;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DryRunTest {
  private static final String DOCUMENTS =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/16]}
      ---
      {kind: SecurityGroup, universe: blue, name: web}
      ---
      {kind: SecurityGroup, universe: blue, name: db}
      ---
      {kind: Endpoint, universe: blue, name: web1, groups: [web], addresses: [10.0.1.10]}
      ---
      {kind: Endpoint, universe: blue, name: db1, groups: [db], addresses: [10.0.2.10]}
      ---
      {kind: Host, name: h1, underlay: 172.31.0.1, datapathId: "0000000000000001"}
      ---
      """;
  private static final String POLICY =
      """
      {kind: Policy, universe: blue, name: web-to-db, tier: universe, appliesTo: {groups: [db]},
       rules: [{direction: in, action: allow, peers: [{group: web}],
                services: [{protocol: tcp, ports: ["%s"]}]}]}
      """;

  private final RunningApi api = new RunningApi(new InMemoryStore());

  @BeforeEach
  void fill() {
    assertThat(api.post("/v1/apply", DOCUMENTS + POLICY.formatted("5432")).status()).isEqualTo(200);
    String bindings =
        "{\"bindings\": [{\"id\": \"%s\", \"ofport\": 5}, {\"id\": \"%s\", \"ofport\": 6}]}"
            .formatted(id("web1"), id("db1"));
    assertThat(api.put("/v1/hosts/h1/bindings", bindings).status()).isEqualTo(200);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private Image image() {
    return api.controller().image();
  }

  private String id(String name) {
    return image().endpoint(EndpointRef.of("blue", name)).orElseThrow().id().toString();
  }

  private Answer dry(String documents) {
    Image before = image();
    Answer answer = api.post("/v1/apply?dryRun=true", documents);
    assertThat(image()).as("the state").isSameAs(before);
    return answer;
  }

  /** An agent that tracks a connection from web1 to db1 on each of some ports. */
  private FakeAgent agent(boolean truncated, int... ports) {
    int zone = image().number(EndpointRef.of("blue", "web1").universe()).number();
    List<TrackedConnection> connections =
        java.util.Arrays.stream(ports)
            .mapToObj(
                port ->
                    new TrackedConnection(
                        zone,
                        IpAddress.parse("10.0.1.10"),
                        IpAddress.parse("10.0.2.10"),
                        new Transport.Ports(6, 40000 + port, port)))
            .toList();
    HostAnswer answer = new HostAnswer.Connections(connections, truncated);
    FakeAgent agent = new FakeAgent(api, "h1", question -> answer);
    await().until(() -> api.get("/v1/hosts/h1").json().at("/status/agent").asBoolean());
    return agent;
  }

  @Test
  void aDryRunTellsWhatWouldChangeAndChangesNothing() {
    try (FakeAgent agent = agent(false, 5432, 80)) {
      JsonNode answer = dry(POLICY.formatted("6000-6010")).json();
      assertThat(answer.path("revision").asLong()).isEqualTo(image().revision().number());
      assertThat(answer.path("dryRun").asBoolean()).isTrue();
      assertThat(answer.path("objects").toString())
          .isEqualTo("[{\"kind\":\"Policy\",\"name\":\"blue/web-to-db\",\"did\":\"changed\"}]");
      assertThat(answer.at("/changes/0/kind").asText()).isEqualTo("Policy");
      assertThat(answer.at("/changes/0/document/rules/0/services/0/ports/0").asText())
          .isEqualTo("6000-6010");
      assertThat(answer.at("/hosts/0/host").asText()).isEqualTo("h1");
      assertThat(answer.at("/hosts/0/added").asInt()).isPositive();
      assertThat(answer.at("/hosts/0/removed").asInt()).isPositive();
      assertThat(answer.at("/reach/gained").toString())
          .isEqualTo(
              "[{\"from\":\"blue/web1\",\"to\":\"blue/db1\",\"services\":\"tcp/6000-6010\","
                  + "\"families\":\"ipv4\"}]");
      assertThat(answer.at("/reach/lost/0/services").asText()).isEqualTo("tcp/5432");
      assertThat(answer.path("cut").toString())
          .as("only the connection that was allowed")
          .isEqualTo(
              "[{\"universe\":\"blue\",\"from\":\"blue/web1\",\"to\":\"blue/db1\","
                  + "\"source\":\"10.0.1.10\",\"destination\":\"10.0.2.10\",\"protocol\":\"tcp\","
                  + "\"sourcePort\":45432,\"destinationPort\":5432,\"host\":\"h1\"}]");
      assertThat(answer.path("unread")).isEmpty();
      assertThat(agent.asked().element().path("what").asText()).isEqualTo("connections");
      assertThat(agent.asked().element().path("universes")).hasSize(1);
    }
  }

  @Test
  void connectionsThatAreKeptAreNotCut() {
    String keep =
        "{kind: Universe, name: blue, prefixes: [10.0.0.0/16], keepEstablished: true}\n---\n";
    assertThat(api.post("/v1/apply", keep).status()).isEqualTo(200);
    try (FakeAgent agent = agent(false, 5432)) {
      JsonNode answer = dry(POLICY.formatted("6000")).json();
      assertThat(answer.path("cut")).isEmpty();
      assertThat(answer.path("unread")).isEmpty();
      assertThat(agent.asked()).hasSize(1);
    }
  }

  @Test
  void hostsThatCannotBeReadAreNamed() {
    JsonNode answer = dry(POLICY.formatted("6000")).json();
    assertThat(answer.path("unread").toString()).isEqualTo("[\"h1\"]");
    assertThat(answer.at("/unreadReasons/h1").asText()).isEqualTo("its agent is not connected");
    try (FakeAgent agent = agent(true, 5432)) {
      JsonNode partly = dry(POLICY.formatted("6000")).json();
      assertThat(partly.path("cut")).hasSize(1);
      assertThat(partly.at("/unreadReasons/h1").asText())
          .contains("more than the 1 connections it was asked for");
      assertThat(agent.asked()).hasSize(1);
    }
  }

  @Test
  void whatWouldBeRefusedIsRefusedTheSame() {
    String bad = POLICY.formatted("5432").replace("group: web", "group: wbe");
    Answer dry = dry(bad);
    Answer real = api.post("/v1/apply", bad);
    assertThat(dry.status()).isEqualTo(422);
    assertThat(dry.body()).isEqualTo(real.body());
    String two = POLICY.formatted("5432") + "---\n" + bad.replace("web-to-db", "other");
    assertThat(dry(two).json().path("field").asText()).startsWith("documents[1].");
    assertThat(dry("{kind: Nothing}").body())
        .isEqualTo(api.post("/v1/apply", "{kind: Nothing}").body());
    assertThat(api.post("/v1/apply?dryRun=perhaps", bad).type()).isEqualTo("invalid-parameter");
  }

  @Test
  void whatIsAsItShouldBeChangesNothing() {
    JsonNode answer = dry(POLICY.formatted("5432")).json();
    assertThat(answer.at("/objects/0/did").asText()).isEqualTo("unchanged");
    assertThat(answer.path("changes")).isEmpty();
    assertThat(answer.path("hosts")).isEmpty();
    assertThat(answer.at("/reach/gained")).isEmpty();
  }

  @Test
  void takingAwayIsTriedTheSameWay() {
    Answer answer = api.post("/v1/delete?dryRun=true", POLICY.formatted("5432"));
    assertThat(answer.json().at("/objects/0/did").asText()).isEqualTo("deleted");
    assertThat(answer.json().at("/reach/lost/0/services").asText()).isEqualTo("tcp/5432");
    assertThat(image().policies()).hasSize(1);
  }
}
