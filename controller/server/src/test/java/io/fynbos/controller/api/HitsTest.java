package io.fynbos.controller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.reconcile.FakeSwitch;
import io.fynbos.controller.store.InMemoryStore;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.model.EndpointRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HitsTest {
  private static final String DOCUMENTS =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/16]}
      ---
      {kind: Endpoint, universe: blue, name: web1}
      ---
      {kind: Policy, universe: blue, name: p, tier: universe,
       rules: [{direction: in, action: allow, services: [{protocol: tcp, ports: ["80"]}]},
               {direction: in, action: deny, services: [{protocol: tcp, ports: ["81"]}]}]}
      ---
      {kind: Policy, name: all, tier: guardrail, rules: [{direction: in, action: pass}]}
      ---
      {kind: Host, name: h1, underlay: 172.31.0.1, datapathId: "0000000000000001"}
      """;

  private final RunningApi api = new RunningApi(new InMemoryStore());
  private final FakeSwitch one = new FakeSwitch(1);

  @BeforeEach
  void fill() {
    assertThat(api.post("/v1/apply", DOCUMENTS).status()).isEqualTo(200);
    EndpointRef web1 = EndpointRef.of("blue", "web1");
    String id = api.controller().image().endpoint(web1).orElseThrow().id().toString();
    String bindings = "{\"bindings\": [{\"id\": \"" + id + "\", \"ofport\": 5}]}";
    assertThat(api.put("/v1/hosts/h1/bindings", bindings).status()).isEqualTo(200);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private void connect() {
    api.fleet().connected(one);
    await().until(() -> api.get("/v1/hosts/h1").json().at("/status/connected").asBoolean());
  }

  /** The flow of the first rule of blue/p. */
  private FlowEntry flow() {
    return one.held().values().stream()
        .filter(
            flow ->
                Cookie.of(flow.cookie())
                    .flatMap(cookie -> api.rules().rule(api.controller().image(), cookie))
                    .filter(rule -> rule.index() == 0 && rule.policy().universe().isPresent())
                    .isPresent())
        .findFirst()
        .orElseThrow();
  }

  private JsonNode rule(int index) {
    JsonNode answer = api.get("/v1/universes/blue/policies/p/hits").json();
    assertThat(answer.path("unread")).isEmpty();
    return answer.path("rules").get(index);
  }

  @Test
  void aRulesPacketsAreKnownWithinASecond() {
    connect();
    one.hit(flow().key(), 7);
    await().until(() -> rule(0).path("packets").asLong() == 7);
    assertThat(rule(0).path("bytes").asLong()).isEqualTo(700);
    assertThat(rule(0).path("lastHit").asText()).endsWith("Z");
    assertThat(rule(0).path("text").asText()).isEqualTo("allow in from anyone on tcp/80");
    assertThat(rule(1).path("packets").asLong()).isZero();
    assertThat(rule(1).has("lastHit")).isFalse();
    assertThat(api.get("/metrics").body()).contains("fynbos_rule_hits_total 7.0");
  }

  @Test
  void whatAFlowCountedOutlivesIt() {
    connect();
    one.hit(flow().key(), 7);
    String more = "{kind: Policy, universe: blue, name: p, tier: universe, order: 9, rules: [";
    String rules = "{direction: in, action: allow, services: [{protocol: tcp, ports: [\"80\"]}]}]}";
    assertThat(api.post("/v1/apply", more + rules).status()).isEqualTo(200);
    await().until(() -> one.held().values().stream().noneMatch(f -> f.priority() == 60_097));
    await().until(() -> rule(0).path("packets").asLong() == 7);
    one.hit(flow().key(), 5);
    await().until(() -> rule(0).path("packets").asLong() == 12);
  }

  @Test
  void aHostThatCannotBeReadIsNamed() {
    JsonNode answer = api.get("/v1/universes/blue/policies/p/hits").json();
    assertThat(answer.path("unread").toString()).isEqualTo("[\"h1\"]");
    assertThat(answer.path("rules")).hasSize(2);
  }

  @Test
  void allPoliciesOfAUniverseComeInPages() {
    connect();
    JsonNode blue = api.get("/v1/hits?universe=blue").json();
    assertThat(blue.path("items")).hasSize(1);
    JsonNode all = api.get("/v1/hits?limit=1").json();
    assertThat(all.at("/items/0/policy").asText()).isEqualTo("all");
    assertThat(api.get("/v1/hits?after=" + all.path("next").asText()).json().at("/items/0/policy"))
        .hasToString("\"blue/p\"");
    assertThat(api.get("/v1/policies/all/hits").json().path("rules")).hasSize(1);
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertThat(api.get("/v1/hits?universe=none").type()).isEqualTo("not-found");
    assertThat(api.get("/v1/hits?universe=No").type()).isEqualTo("invalid-name");
    assertThat(api.get("/v1/universes/blue/policies/none/hits").type()).isEqualTo("not-found");
    assertThat(api.get("/v1/universes/none/policies/p/hits").type()).isEqualTo("not-found");
    assertThat(api.get("/v1/policies/p/hits").type()).isEqualTo("not-found");
  }
}
