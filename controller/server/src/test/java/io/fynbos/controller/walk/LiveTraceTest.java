package io.fynbos.controller.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.controller.api.FakeAgent;
import io.fynbos.controller.api.RunningApi;
import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.controller.store.InMemoryStore;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.report.HostAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A trace asked over HTTP, answered by real switches that hold what the compiler says. */
class LiveTraceTest {
  private static final String DOCUMENTS =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/16, "fd00:7::/64"]}
      ---
      {kind: SecurityGroup, universe: blue, name: web}
      ---
      {kind: SecurityGroup, universe: blue, name: db}
      ---
      {kind: Endpoint, universe: blue, name: web1, groups: [web],
       addresses: [10.0.1.10, "fd00:7::10"]}
      ---
      {kind: Endpoint, universe: blue, name: web2, groups: [web], addresses: [10.0.1.11]}
      ---
      {kind: Endpoint, universe: blue, name: db1, groups: [db],
       addresses: [10.0.2.10, "fd00:7::20"]}
      ---
      {kind: Endpoint, universe: blue, name: loose, addresses: [10.0.3.10]}
      ---
      {kind: Policy, universe: blue, name: web-to-db, tier: universe, appliesTo: {groups: [db]},
       rules: [{direction: in, action: allow, peers: [{group: web}],
                services: [{protocol: tcp, ports: ["5432", "6000-6010"]}, {protocol: udp},
                           {protocol: icmp}, {protocol: icmpv6}, {protocol: 47}]},
               {direction: in, action: reject, services: [{protocol: tcp, ports: ["22"]}]}]}
      ---
      {kind: Host, name: h1, underlay: 172.31.0.1, datapathId: "0000000000000001"}
      ---
      {kind: Host, name: h2, underlay: 172.31.0.2, datapathId: "0000000000000002"}
      """;

  private static final RunningApi API = new RunningApi(new InMemoryStore());
  private static final List<DummySwitch> SWITCHES = new ArrayList<>();
  private static final List<FakeAgent> AGENTS = new ArrayList<>();

  @BeforeAll
  static void begin() throws IOException {
    assertThat(API.post("/v1/apply", DOCUMENTS).status()).isEqualTo(200);
    bind("h1", "{\"id\": \"" + id("web1") + "\", \"ofport\": 5}");
    bind(
        "h2",
        "{\"id\": \"%s\", \"ofport\": 6}, {\"id\": \"%s\", \"ofport\": 7}"
            .formatted(id("db1"), id("web2")));
    for (String host : List.of("h1", "h2")) {
      DummySwitch real = DummySwitch.start();
      SWITCHES.add(real);
      List.of(5, 6, 7, 65000).forEach(real::port);
      List<FlowEntry> flows = EdgeCompiler.full(image(), new HostName(host)).sorted();
      real.install(flows);
      AGENTS.add(new FakeAgent(API, host, question -> answer(real, question)));
      await().until(() -> API.get("/v1/hosts/" + host).json().at("/status/agent").asBoolean());
    }
  }

  /** An agent gives the word of its own switch. */
  private static HostAnswer answer(DummySwitch real, JsonNode question) {
    List<String> states = new ArrayList<>();
    question.path("ctNext").forEach(state -> states.add(state.asText()));
    String flow = question.path("flow").asText();
    try {
      return new HostAnswer.Text(real.trace(flow, states));
    } catch (IllegalStateException e) {
      return new HostAnswer.Failure(String.valueOf(e.getMessage()));
    }
  }

  @AfterAll
  static void end() throws IOException {
    for (DummySwitch real : SWITCHES) {
      real.close();
    }
    API.close();
  }

  private static Image image() {
    return API.controller().image();
  }

  private static String id(String name) {
    return image().endpoint(EndpointRef.of("blue", name)).orElseThrow().id().toString();
  }

  private static void bind(String host, String bindings) {
    String body = "{\"bindings\": [" + bindings + "]}";
    assertThat(API.put("/v1/hosts/" + host + "/bindings", body).status()).isEqualTo(200);
  }

  private static RunningApi.Answer trace(String from, String to, String more) {
    return API.post(
        "/v1/trace", "{\"from\": \"%s\", \"to\": \"%s\", %s}".formatted(from, to, more));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          blue/web1  | blue/db1   | "service": "tcp/5432"                  | allow
          blue/web1  | blue/db1   | "service": "tcp/6003"                  | allow
          blue/web1  | blue/db1   | "service": "tcp/80"                    | deny
          blue/web1  | blue/db1   | "service": "tcp/22"                    | reject
          blue/web1  | blue/db1   | "protocol": "tcp", "port": 5432        | allow
          blue/web1  | blue/db1   | "service": "udp/53", "sourcePort": 53  | allow
          blue/web1  | blue/db1   | "service": "icmp"                      | allow
          blue/web1  | blue/db1   | "service": "icmpv6"                    | allow
          blue/web1  | blue/db1   | "service": "proto/47"                  | allow
          blue/web1  | blue/db1   | "service": "proto/48"                  | deny
          blue/web1  | blue/db1   | "service": "tcp/5432", "reply": true   | allow
          blue/web1  | blue/db1   | "service": "udp/53", "reply": true     | allow
          blue/web1  | blue/db1   | "service": "icmp", "reply": true       | allow
          blue/web1  | blue/db1   | "service": "tcp/80", "reply": true     | deny
          blue/web2  | blue/db1   | "service": "tcp/5432"                  | allow
          blue/web2  | blue/db1   | "service": "tcp/22"                    | reject
          blue/db1   | blue/web1  | "service": "tcp/5432"                  | deny
          fd00:7::10 | blue/db1   | "service": "tcp/5432"                  | allow
          fd00:7::10 | fd00:7::20 | "service": "tcp/22", "universe": "blue" | reject
          10.0.1.10  | 10.0.2.10  | "service": "tcp/80", "universe": "blue" | deny
          blue/web1  | 10.0.9.9   | "service": "tcp/80"                    | deny
          """)
  void theModelAndTheSwitchesAgree(String from, String to, String more, String verdict) {
    JsonNode answer = trace(from, to, more).json();
    assertThat(answer.path("verdict").asText()).as("%s", answer).isEqualTo(verdict);
    assertThat(answer.path("agrees").asBoolean()).as("%s", answer.toPrettyString()).isTrue();
    assertThat(answer.has("note")).isFalse();
  }

  @Test
  void theRulesAndTheTablesAreNamed() {
    JsonNode answer = trace("blue/web1", "blue/db1", "\"service\": \"tcp/5432\"").json();
    assertThat(answer.path("packet").asText())
        .isEqualTo("blue/web1 (10.0.1.10) → blue/db1 (10.0.2.10) tcp 40000 → 5432");
    JsonNode in = answer.at("/model/judgements/1");
    assertThat(in.path("direction").asText()).isEqualTo("in");
    assertThat(in.at("/rules/0/policy").asText()).isEqualTo("blue/web-to-db");
    assertThat(in.at("/rules/0/decisive").asBoolean()).isTrue();
    assertThat(answer.at("/model/judgements/0/byDefault").asBoolean()).isTrue();
    assertThat(answer.at("/live/0/host").asText()).isEqualTo("h1");
    assertThat(answer.at("/live/0/result").asText()).isEqualTo("forwarded");
    assertThat(answer.at("/live/0/tables/0/name").asText()).isEqualTo("admission");
    JsonNode receiver = answer.at("/live/1");
    assertThat(receiver.path("role").asText()).isEqualTo("receiver");
    assertThat(receiver.path("result").asText()).isEqualTo("delivered");
    List<JsonNode> named = new ArrayList<>();
    receiver
        .path("tables")
        .forEach(
            table -> {
              if (table.path("policy").asText().equals("blue/web-to-db")) {
                named.add(table);
              }
            });
    assertThat(named).isNotEmpty();
    assertThat(named.get(0).path("name").asText()).isEqualTo("in-universe");
    assertThat(named.get(0).path("rule").asInt()).isZero();
  }

  @Test
  void withoutTheSwitchesThereIsTheModelAndItSaysSo() {
    JsonNode unattached = trace("blue/loose", "blue/db1", "\"service\": \"tcp/80\"").json();
    assertThat(unattached.path("verdict").asText()).isEqualTo("deny");
    assertThat(unattached.has("agrees")).isFalse();
    assertThat(unattached.path("note").asText())
        .isEqualTo("by the model only: no host has blue/loose or its other end attached");
    JsonNode outside = trace("198.51.100.1", "blue/db1", "\"service\": \"tcp/80\"").json();
    assertThat(outside.path("note").asText())
        .isEqualTo("by the model only: the sender is not an endpoint of the universe");
    assertThat(outside.at("/model/reason").asText()).contains("internet");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          blue/none | blue/db1  | 422 | not-found | from | there is no endpoint blue/none
          blue/web1 | blue/none | 422 | not-found | to   | there is no endpoint blue/none
          blue/web1 | BLUE/x    | 400 | bad-value | to   | a-z
          blue/web1 | everyone  | 400 | bad-value | to   | an end is an endpoint, universe/name, or an address
          10.0.0.1  | 10.0.0.2  | 400 | bad-value | from | neither end says in which universe it is
          blue/web1 | fd00:8::1 | 200 |           |      |
          blue/web2 | fd00:7::20 | 400 | bad-value | to  | no addresses of the same family
          """)
  void whatIsWrongWithAnEndIsSaid(
      String from, String to, int status, String type, String field, String detail) {
    RunningApi.Answer answer = trace(from, to, "\"service\": \"tcp/80\"");
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    if (status != 200) {
      assertThat(answer.type()).isEqualTo(type);
      assertThat(answer.json().path("field").asText()).isEqualTo(field);
      assertThat(answer.json().path("detail").asText()).contains(detail);
    }
  }
}
