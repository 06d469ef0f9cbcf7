package io.fynbos.controller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.controller.api.RunningApi.Answer;
import io.fynbos.controller.store.InMemoryStore;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiTest {
  private static final String DOCUMENTS =
      """
      {kind: Universe, name: %1$s, prefixes: [10.0.0.0/16]}
      ---
      {kind: SecurityGroup, universe: %1$s, name: web}
      ---
      {kind: Endpoint, universe: %1$s, name: web1, groups: [web]}
      """;

  private static InMemoryStore store = new InMemoryStore();
  private static RunningApi api = new RunningApi(store);
  private static int universes;
  private String blue = "";

  @BeforeAll
  static void begin() {
    assertThat(api.get("/healthz").body()).isEqualTo("ok\n");
  }

  @AfterAll
  static void end() {
    api.close();
  }

  /** Every test has a universe of its own. */
  @BeforeEach
  void makeUniverse() {
    blue = "blue" + universes++;
    assertThat(api.post("/v1/apply", DOCUMENTS.formatted(blue)).status()).isEqualTo(200);
  }

  private String path(String rest) {
    return "/v1/universes/" + blue + rest;
  }

  private static long revision(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isBetween(200, 299);
    return answer.json().path("revision").asLong();
  }

  // --- objects ----------------------------------------------------------------------------------

  @Test
  void anObjectIsPutReadChangedAndTakenAway() {
    Answer made = api.put(path("/groups/db"), "{}");
    assertThat(made.status()).isEqualTo(201);
    long revision = revision(made);
    assertThat(made.header("etag")).contains("\"" + revision + "\"");

    Answer same = api.put(path("/groups/db"), "{}");
    assertThat(same.status()).isEqualTo(200);
    assertThat(revision(same)).isEqualTo(revision);

    Answer read = api.get(path("/groups/db"));
    assertThat(read.body())
        .isEqualTo("{\"kind\":\"SecurityGroup\",\"universe\":\"" + blue + "\",\"name\":\"db\"}");
    assertThat(read.header("etag")).isEqualTo(made.header("etag"));
    assertThat(read.header("content-type")).contains("application/json; charset=utf-8");

    assertThat(revision(api.delete(path("/groups/db")))).isEqualTo(revision + 1);
    assertThat(api.get(path("/groups/db")).status()).isEqualTo(404);
    assertThat(api.delete(path("/groups/db")).status()).isEqualTo(404);
  }

  @Test
  void whatIsAbsentInAnEndpointIsAssignedOnce() {
    JsonNode first = api.get(path("/endpoints/web1")).json();
    assertThat(first.path("id").asText()).hasSize(36);
    assertThat(first.path("mac").asText()).startsWith("0");
    assertThat(first.path("addresses")).hasSize(1);
    api.put(path("/endpoints/web1"), "{\"groups\": [\"web\"]}");
    assertThat(api.get(path("/endpoints/web1")).json()).isEqualTo(first);
  }

  @Test
  void aChangeIsMadeOnlyAtTheRevisionThatTheClientKnows() {
    String tag = api.get(path("")).header("etag").orElseThrow();
    String body = "{\"prefixes\": [\"10.0.0.0/16\"], \"keepEstablished\": true}";
    assertThat(api.put(path(""), body, "If-Match", "\"1000000\"").type())
        .isEqualTo("revision-differs");
    assertThat(api.put(path(""), body, "If-Match", tag).status()).isEqualTo(200);
    assertThat(api.put(path(""), body, "If-Match", tag).status()).isEqualTo(412);
    assertThat(api.put(path(""), body, "If-Match", "\"1000000\", *").status()).isEqualTo(400);
    assertThat(api.put(path(""), body, "If-Match", "*").status()).isEqualTo(200);
    assertThat(api.put(path("/groups/x"), "{}", "If-Match", "*").status()).isEqualTo(412);
    assertThat(api.put(path("/groups/web"), "{}", "If-None-Match", "*").status()).isEqualTo(412);
    assertThat(api.put(path("/groups/new"), "{}", "If-None-Match", "*").status()).isEqualTo(201);
    assertThat(api.delete(path("/groups/new"), "If-Match", tag).status()).isEqualTo(412);
  }

  @Test
  void aReaderThatHasTheNewestGetsNoBody() {
    String tag = api.get(path("")).header("etag").orElseThrow();
    Answer answer = api.get(path(""), "If-None-Match", "\"7\", W/" + tag);
    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.header("etag")).contains(tag);
    assertThat(api.get(path(""), "If-None-Match", "\"7000000\"").status()).isEqualTo(200);
  }

  @Test
  void headAnswersAsGetWithoutTheBody() {
    Answer head = api.send("HEAD", path(""), new byte[0]);
    Answer get = api.get(path(""));
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.header("etag")).isEqualTo(get.header("etag"));
    assertThat(head.header("content-length")).contains(Integer.toString(get.body().length()));
    assertThat(api.send("HEAD", path("/groups/none"), new byte[0]).status()).isEqualTo(404);
  }

  @Test
  void optionsNamesTheMethods() {
    Answer answer = api.send("OPTIONS", path(""), new byte[0]);
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("allow")).contains("DELETE, GET, HEAD, PUT");
  }

  @Test
  void collectionsComeInPages() {
    for (int i = 0; i < 7; i++) {
      api.put(path("/groups/g" + i), "{}");
    }
    List<String> names = new ArrayList<>();
    String after = "";
    int pages = 0;
    while (true) {
      JsonNode page = api.get(path("/groups?limit=3" + after)).json();
      page.path("items").forEach(item -> names.add(item.path("name").asText()));
      pages++;
      if (!page.has("next")) {
        break;
      }
      after = "&after=" + page.path("next").asText();
    }
    assertThat(pages).isEqualTo(3);
    assertThat(names).containsExactly("g0", "g1", "g2", "g3", "g4", "g5", "g6", "web");
    assertThat(api.get(path("/groups?after=g5a")).json().path("items")).hasSize(2);
  }

  @Test
  void fabricWidePoliciesAndPoolsHaveTheirOwnPlaces() {
    String rules = "\"rules\": [{\"direction\": \"in\", \"action\": \"deny\"}]";
    assertThat(api.put("/v1/policies/" + blue, "{\"tier\": \"guardrail\", " + rules + "}").status())
        .isEqualTo(201);
    assertThat(api.get("/v1/policies/" + blue).json().has("universe")).isFalse();
    assertThat(api.get("/v1/policies").body()).contains("\"name\":\"" + blue + "\"");
    assertThat(api.put(path("/policies/p"), "{\"tier\": \"universe\", " + rules + "}").status())
        .isEqualTo(201);
    assertThat(api.get(path("/policies")).json().path("items")).hasSize(1);
    assertThat(api.put("/v1/pools/p", "{\"prefixes\": [\"203.0.113.0/24\"]}").status())
        .isEqualTo(201);
    assertThat(api.get("/v1/pools").json().path("items")).hasSize(1);
    api.delete("/v1/policies/" + blue);
    api.delete("/v1/pools/p");
  }

  // --- many at once -----------------------------------------------------------------------------

  @Test
  void applyTellsWhatBecameOfEachDocument() {
    Answer answer =
        api.post(
            "/v1/apply",
            """
            [{"kind": "SecurityGroup", "universe": "%1$s", "name": "web"},
             {"kind": "SecurityGroup", "universe": "%1$s", "name": "db"},
             {"kind": "Endpoint", "universe": "%1$s", "name": "web1", "delete": true}]
            """
                .formatted(blue),
            "Content-Type",
            "application/json");
    assertThat(answer.json().path("objects"))
        .extracting(object -> object.path("did").asText())
        .containsExactly("unchanged", "created", "deleted");
    assertThat(revision(answer)).isPositive();
  }

  @Test
  void applyIsAllOrNothing() {
    Answer answer =
        api.post(
            "/v1/apply",
            """
            {kind: SecurityGroup, universe: %1$s, name: db}
            ---
            {kind: Endpoint, universe: %1$s, name: e, groups: [none]}
            """
                .formatted(blue));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.type()).isEqualTo("unknown-group");
    assertThat(answer.json().path("field").asText()).isEqualTo("documents[1].groups");
    assertThat(api.get(path("/groups/db")).status()).isEqualTo(404);
  }

  @Test
  void theSameDocumentsTakeEverythingAwayAgain() {
    Answer answer = api.post("/v1/delete", DOCUMENTS.formatted(blue));
    assertThat(answer.json().path("objects"))
        .extracting(object -> object.path("did").asText())
        .containsExactly("deleted", "deleted", "deleted");
    assertThat(api.get(path("")).status()).isEqualTo(404);
  }

  // --- revisions --------------------------------------------------------------------------------

  @Test
  void aRevisionWithoutHostsIsApplied() {
    long newest = revision(api.get("/v1/revisions/latest"));
    await().until(() -> api.get("/v1/revisions/" + newest).json().path("applied").asBoolean());
    assertThat(api.get("/v1/revisions/" + newest + "?wait=10s").json().path("applied").asBoolean())
        .isTrue();
  }

  @Test
  void waitingForAHostThatIsAwayEndsInTimeAndNamesIt() {
    String host = "{\"underlay\": \"172.31.0.9\", \"datapathId\": \"0000000000000009\"}";
    long revision = revision(api.put("/v1/hosts/h9", host));
    Answer answer = api.get("/v1/revisions/" + revision + "?wait=300ms");
    assertThat(answer.json().path("applied").asBoolean()).isFalse();
    assertThat(answer.json().path("unreachable"))
        .extracting(JsonNode::asText)
        .containsExactly("h9");
    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(() -> api.get("/v1/revisions/" + revision + "?wait=30s"));
    await().until(() -> api.fleet().progress().waiting() == 1);
    api.delete("/v1/hosts/h9");
    assertThat(waiting.join().json().path("applied").asBoolean()).isTrue();
  }

  // --- watching ---------------------------------------------------------------------------------

  @Test
  void aWatchTellsEveryChangeFromWhereItBegins() {
    long since = revision(api.get("/v1/revisions/latest"));
    api.post("/v1/delete", DOCUMENTS.formatted(blue));
    Iterator<String> lines = api.stream("/v1/watch?since=" + since).iterator();
    List<String> events = new ArrayList<>();
    while (events.stream().noneMatch(line -> line.startsWith("id:"))) {
      events.add(lines.next());
    }
    assertThat(events).last().isEqualTo("id: " + (since + 1));
    events.add(lines.next());
    events.add(lines.next());
    assertThat(String.join("\n", events))
        .contains("\"change\":\"delete\",\"kind\":\"Endpoint\",\"name\":\"" + blue + "/web1\"")
        .contains("\"change\":\"delete\",\"kind\":\"SecurityGroup\"")
        .contains("\"change\":\"delete\",\"kind\":\"Universe\"");

    api.put("/v1/universes/" + blue, "{\"prefixes\": [\"10.0.0.0/16\"]}");
    String line = lines.next();
    while (!line.contains("\"put\"")) {
      line = lines.next();
    }
    assertThat(line)
        .startsWith("data: ")
        .contains("\"kind\":\"Universe\",\"name\":\"" + blue + "\",\"document\":{")
        .endsWith(",\"last\":true}");
  }

  @Test
  void aWatchResumesAfterTheLastEventThatTheClientSaw() {
    long since = revision(api.get("/v1/revisions/latest"));
    api.put(path("/groups/one"), "{}");
    api.put(path("/groups/two"), "{}");
    Iterator<String> lines =
        api.stream("/v1/watch", "Last-Event-ID", Long.toString(since + 1)).iterator();
    assertThat(lines.next()).isEqualTo("id: " + (since + 2));
    assertThat(lines.next()).isEqualTo("event: change");
    assertThat(lines.next()).contains("/two");
  }

  // --- agents -----------------------------------------------------------------------------------

  @Test
  void anAgentReportsItsInterfacesAndHearsItsOrders() {
    String host = "{\"underlay\": \"172.31.0.8\", \"datapathId\": \"0000000000000008\"}";
    api.put("/v1/hosts/h8", host);
    String id = api.get(path("/endpoints/web1")).json().path("id").asText();
    String unknown = "00000000-0000-4000-8000-000000000001";
    Answer answer =
        api.put(
            "/v1/hosts/h8/bindings",
            """
            {"bindings": [{"id": "%s", "ofport": 5}, {"id": "%s", "ofport": 6}], "complete": true}
            """
                .formatted(id, unknown));
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.json().path("bindings"))
        .extracting(binding -> binding.path("state").asText())
        .containsExactly("bound", "unknown");
    JsonNode bindings = api.get("/v1/bindings?universe=" + blue).json().path("items");
    assertThat(bindings).hasSize(1);
    assertThat(bindings.get(0).path("host").asText()).isEqualTo("h8");
    assertThat(bindings.get(0).path("state").asText()).isEqualTo("attaching");

    Iterator<String> orders = api.stream("/v1/hosts/h8/orders").iterator();
    assertThat(orders.next()).isEqualTo("event: neighbours");
    assertThat(orders.next()).startsWith("data: {\"underlays\":[");
    JsonNode status = api.get("/v1/hosts/h8").json().path("status");
    assertThat(status.path("connected").asBoolean()).isFalse();
    await().until(() -> api.get("/v1/hosts/h8").json().path("status").path("agent").asBoolean());
    assertThat(api.post("/v1/hosts/h8/applied", "{\"revision\": 1}").status()).isEqualTo(200);
    api.delete("/v1/hosts/h8");
    assertThat(api.get("/v1/bindings?universe=" + blue).json().path("items").get(0).path("state"))
        .hasToString("\"detached\"");
  }

  // --- the process ------------------------------------------------------------------------------

  @Test
  void metricsTellWhatTheControllerDoes() {
    api.get("/v1/universes/none");
    assertThat(api.get("/metrics").body())
        .contains("fynbos_commits_total ")
        .contains("fynbos_commit_seconds_bucket")
        .contains("fynbos_queue ")
        .contains("fynbos_sessions ")
        .contains("jvm_memory_used_bytes")
        .contains("fynbos_http_seconds_count{method=\"GET\",path=\"/v1/universes/{name}\",")
        .doesNotContain(blue);
  }

  @Test
  void aFailedDiskIsToldAndTheControllerRecovers() {
    store.failNext(false);
    Answer answer = api.put(path("/groups/db"), "{}");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.type()).isEqualTo("store-unavailable");
    assertThat(answer.header("retry-after")).isPresent();
    assertThat(api.get("/readyz").status()).isEqualTo(503);
    assertThat(api.put(path("/groups/db"), "{}").status()).isEqualTo(201);
    assertThat(api.get("/readyz").status()).isEqualTo(200);
  }
}
