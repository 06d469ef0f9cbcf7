package io.fynbos.controller.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.controller.store.InMemoryStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachApiTest {
  private static final String DOCUMENTS =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/16]}
      ---
      {kind: Universe, name: red, prefixes: [10.0.0.0/16]}
      ---
      {kind: SecurityGroup, universe: blue, name: web}
      ---
      {kind: SecurityGroup, universe: blue, name: db}
      ---
      {kind: Endpoint, universe: blue, name: web1, groups: [web]}
      ---
      {kind: Endpoint, universe: blue, name: web2, groups: [web]}
      ---
      {kind: Endpoint, universe: blue, name: db1, groups: [db]}
      ---
      {kind: Policy, universe: blue, name: web-to-db, tier: universe, appliesTo: {groups: [db]},
       rules: [{direction: in, action: allow, peers: [{group: web}],
                services: [{protocol: tcp, ports: ["5432"]}]}]}
      ---
      {kind: Policy, universe: blue, name: trial, tier: universe, stage: audit,
       rules: [{direction: in, action: allow, services: [{protocol: icmp}]}]}
      """;
  private static final RunningApi API = new RunningApi(new InMemoryStore());

  @BeforeAll
  static void fill() {
    assertThat(API.post("/v1/apply", DOCUMENTS).status()).isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    API.close();
  }

  private static JsonNode reach(String query) {
    RunningApi.Answer answer = API.get("/v1/reach?universe=blue" + query);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.json();
  }

  @Test
  void aUniverseIsToldByGroupsAndByEndpoints() {
    JsonNode all = reach("");
    assertThat(all.path("groups").toString())
        .isEqualTo(
            "[{\"from\":[\"web\"],\"to\":[\"db\"],\"services\":\"tcp/5432\","
                + "\"some\":\"tcp/5432\"}]");
    assertThat(all.path("endpoints")).as("with the services of three senders").hasSize(8);
    assertThat(all.at("/endpoints/5").toString())
        .isEqualTo(
            "{\"from\":\"blue/web2\",\"to\":\"blue/db1\",\"services\":\"tcp/5432\","
                + "\"families\":\"ipv4\"}");
    assertThat(all.path("more").asLong()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "from=web1, 3",
    "from=blue/web1, 3",
    "from=db1, 2",
    "from=group:web, 6",
    "from=group:web&to=group:db, 2",
    "to=db1, 2",
    "to=web1, 0",
    "audit=true, 12",
  })
  void oneEndCanBeNamed(String query, int ways) {
    assertThat(reach("&" + query).path("endpoints")).hasSize(ways);
  }

  @Test
  void aLongAnswerSaysHowMuchIsLeftOut() {
    JsonNode one = reach("&limit=1");
    assertThat(one.path("endpoints")).hasSize(1);
    assertThat(one.path("more").asLong()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/reach                                   | 400 | missing-parameter | ?universe
          /v1/reach?universe=none                     | 404 | not-found         | ?universe
          /v1/reach?universe=blue&from=none           | 404 | not-found         | ?from
          /v1/reach?universe=red&from=blue/web1       | 404 | not-found         | ?from
          /v1/reach?universe=blue&to=group:none       | 404 | not-found         | ?to
          /v1/reach?universe=blue&to=No               | 400 | invalid-name      |
          /v1/reach?universe=blue&limit=1000000       | 400 | invalid-parameter | ?limit
          /v1/reach?universe=blue&from=web1&audit=true | 400 | invalid-parameter | ?audit
          """)
  void whatIsWrongWithAQuestionIsSaid(String path, int status, String type, String field) {
    RunningApi.Answer answer = API.get(path);
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.type()).isEqualTo(type);
    assertThat(answer.json().path("field").asText("")).isEqualTo(field == null ? "" : field);
  }
}
