package io.fynbos.controller.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.api.RunningApi.Answer;
import io.fynbos.controller.store.InMemoryStore;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user can do wrong with a request, and the message they get. */
class ApiRefusalsTest {
  private static final RunningApi api = new RunningApi(new InMemoryStore());

  @BeforeAll
  static void begin() {
    api.put("/v1/universes/blue", "{\"prefixes\": [\"10.0.0.0/16\"]}");
    api.put("/v1/hosts/h1", "{\"underlay\": \"172.31.0.1\", \"datapathId\": \"0000000000000001\"}");
  }

  @AfterAll
  static void end() {
    api.close();
  }

  private static void refused(Answer answer, int status, String type, String words) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.header("content-type")).contains("application/problem+json");
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.type()).as("%s", answer).isEqualTo(type);
    assertThat(answer.json().path("title").asText()).isNotEmpty();
    assertThat(answer.json().path("detail").asText()).contains(words);
    assertThat(answer.body()).doesNotContain("Exception").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /nope                          | 404 | unknown-path       | the API has no path "/nope"
          GET    | /v1                            | 404 | unknown-path       | no path
          GET    | /v1/universes/                 | 400 | invalid-name       | 1 to 63 characters
          GET    | /v1/universes/BLUE             | 400 | invalid-name       | a-z, 0-9 and -
          GET    | /v1/universes/red              | 404 | not-found          | there is no universe red
          GET    | /v1/universes/red/groups       | 404 | not-found          | there is no universe red
          GET    | /v1/universes/blue/groups/x    | 404 | not-found          | there is no group blue/x
          DELETE | /v1/universes/red              | 404 | not-found          | there is no universe red
          PATCH  | /v1/universes/blue             | 405 | method-not-allowed | it takes DELETE, GET, HEAD, PUT
          POST   | /v1/universes                  | 405 | method-not-allowed | it takes GET, HEAD
          GET    | /v1/apply                      | 405 | method-not-allowed | it takes POST
          GET    | /v1/universes?colour=red       | 400 | unknown-parameter  | this call takes after, limit
          GET    | /v1/universes/blue?limit=3     | 400 | unknown-parameter  | this call takes none
          GET    | /v1/universes?limit=3&limit=4  | 400 | duplicate-parameter| given 2 times
          GET    | /v1/universes?limit=0          | 400 | invalid-parameter  | a whole number from 1 to 1000
          GET    | /v1/universes?limit=1001       | 400 | invalid-parameter  | a whole number from 1 to 1000
          GET    | /v1/universes?limit=ten        | 400 | invalid-parameter  | a whole number from 1 to 1000
          GET    | /v1/universes?after=X          | 400 | invalid-name       | a-z, 0-9 and -
          GET    | /v1/bindings?after=x           | 400 | invalid-name       | universe/name
          GET    | /v1/bindings?universe=X        | 400 | invalid-name       | a-z, 0-9 and -
          GET    | /v1/revisions/x                | 400 | invalid-revision   | give a number, or latest
          GET    | /v1/revisions/999999           | 404 | unknown-revision   | has not been made yet
          GET    | /v1/revisions/1?wait=soon      | 400 | invalid-parameter  | a time such as 10s
          GET    | /v1/revisions/1?wait=2m        | 400 | invalid-parameter  | at most 60s
          GET    | /v1/watch?since=999999         | 400 | invalid-parameter  | a revision that has been made
          GET    | /v1/watch?since=-1             | 400 | invalid-parameter  | a whole number
          GET    | /v1/hosts/h9/orders            | 404 | not-found          | register it first: PUT /v1/hosts/h9
          POST   | /v1/apply?dryRun=maybe         | 400 | invalid-parameter  | give true or false
          """)
  void aRequestThatNoRouteTakes(String method, String path, int status, String type, String words) {
    refused(api.send(method, path, new byte[0]), status, type, words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PUT  | /v1/universes/red             | {"prefixes": ["10.0.0.0/16"], "colour": 1}  | 400 | unknown-field   | colour            | found an unknown field
          PUT  | /v1/universes/red             | {"prefixes": ["10.0.0.1/16"]}               | 400 | bad-value       | prefixes[0]       | 10.0.0.1/16
          PUT  | /v1/universes/red             | {"prefixes": 3}                             | 400 | wrong-type      | prefixes          | a list
          PUT  | /v1/universes/red             | {"name": "blue", "prefixes": []}            | 400 | bad-value       | name              | as in the path
          PUT  | /v1/universes/red             | {"kind": "Pool", "prefixes": []}            | 400 | bad-value       | kind              | as in the path
          PUT  | /v1/universes/red             | {"prefixes": [], "prefixes": []}            | 400 | duplicate-field | prefixes          | each field once
          PUT  | /v1/universes/red             | {"prefixes":                                | 400 | malformed       |                   | line 1
          PUT  | /v1/universes/red             | []                                          | 400 | wrong-type      |                   | an object
          PUT  | /v1/universes/blue/groups/w   | {"universe": "red"}                         | 400 | bad-value       | universe          | as in the path
          PUT  | /v1/universes/red/groups/w    | {}                                          | 422 | unknown-universe| universe          | create it first
          PUT  | /v1/universes/blue/endpoints/e| {"groups": ["none"]}                        | 422 | unknown-group   | groups            | create it first
          PUT  | /v1/universes/blue/endpoints/e| {"addresses": ["192.0.2.1"]}                | 422 | address-outside | addresses         | 10.0.0.0/16
          PUT  | /v1/hosts/h2                  | {"underlay": "fd00::1", "datapathId": "0000000000000002"} | 422 | underlay-not-ipv4 | underlay | IPv4
          PUT  | /v1/hosts/h1/bindings         | {}                                          | 400 | missing-field   | bindings          | bindings
          PUT  | /v1/hosts/h1/bindings         | {"bindings": [{"id": "x", "ofport": 1}]}    | 400 | bad-value       | bindings[0].id    | UUID
          PUT  | /v1/hosts/h9/bindings         | {"bindings": []}                            | 404 | not-found       |                   | register it first
          POST | /v1/hosts/h1/applied          | {"revision": 99999}                         | 422 | unknown-revision| revision          | has not been made
          POST | /v1/apply                     | {"kind": "Castle"}                          | 400 | unknown-kind    | kind              | one of Universe
          POST | /v1/apply                     | [{"kind": "Pool", "name": "p", "prefixes": ["192.0.2.0/24"]}, {"kind": "Pool", "name": "p", "prefixes": ["192.0.2.0/24"]}] | 400 | duplicate-name | documents[1] | documents[0]
          """)
  void aBodyThatCannotBeTaken(
      String method,
      String path,
      String body,
      int status,
      String type,
      String field,
      String words) {
    Answer answer = api.send(method, path, body.getBytes(UTF_8));
    refused(answer, status, type, words);
    assertThat(answer.json().path("field").asText(null)).isEqualTo(field);
  }

  @Test
  void aBodyOverTheLimitIsRefusedWhateverItSays() {
    byte[] large = new byte[ApiServer.BODY_BYTES_MAX + 1];
    refused(api.send("POST", "/v1/apply", large), 413, "body-too-large", "send less at once");
    assertThat(api.get("/healthz").status()).isEqualTo(200);
  }

  @Test
  void aDeepBodyIsRefused() {
    Answer json = api.post("/v1/apply", "[".repeat(100_000));
    refused(json, 413, "too-large", "");
    Answer yaml =
        api.post("/v1/apply", "a: " + "[".repeat(10_000), "Content-Type", "application/yaml");
    assertThat(yaml.status()).isIn(400, 413);
  }

  @Test
  void brokenUtf8IsRefused() {
    byte[] latin = "{\"kind\": \"caf\u00e9\"}".getBytes(ISO_8859_1);
    refused(api.send("POST", "/v1/apply", latin), 400, "not-utf-8", "UTF-8");
  }

  @Test
  void yamlThatGrowsIsRefused() {
    String bomb = "a: &a [1,1,1,1]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n";
    refused(api.post("/v1/apply", bomb), 400, "malformed", "anchors");
  }

  @Test
  void anotherMediaTypeIsRefused() {
    refused(
        api.put("/v1/universes/red", "{}", "Content-Type", "application/xml"),
        415,
        "unsupported-media-type",
        "send application/json or application/yaml");
    refused(
        api.get("/v1/universes", "Accept", "text/html"), 406, "not-acceptable", "application/json");
    refused(
        api.get("/v1/watch", "Accept", "application/json"),
        406,
        "not-acceptable",
        "text/event-stream");
    assertThat(api.get("/v1/universes", "Accept", "text/html, */*;q=0.1").status()).isEqualTo(200);
  }

  @Test
  void conditionsThatMakeNoSenseAreRefused() {
    String path = "/v1/universes/blue";
    refused(api.delete(path, "If-Match", "12"), 400, "invalid-condition", "in quotes");
    refused(api.delete(path, "If-Match", "\"x\""), 412, "revision-differs", "the ETag of a GET");
    refused(api.delete(path, "If-None-Match", "\"1\""), 400, "invalid-condition", "create");
    refused(
        api.delete(path, "If-Match", "*", "If-None-Match", "*"),
        400,
        "invalid-condition",
        "not both");
  }

  @Test
  void webPagesOfOtherSitesAreKeptOut() throws IOException {
    refused(
        api.get("/v1/universes", "Origin", "http://evil.example"),
        403,
        "other-origin",
        "http://evil.example");
    assertThat(api.get("/v1/universes", "Origin", api.url()).status()).isEqualTo(200);
    assertThat(raw("GET /v1/universes HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
        .startsWith("HTTP/1.1 403")
        .contains("unknown-host-name");
    assertThat(raw("GET /v1/universes HTTP/1.1\r\nHost: fynbos.example:99\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(raw("GET /v1/universes HTTP/1.1\r\nHost: [::1]:8181\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void whatIsHardlyHttpIsRefusedWithAProblemToo() throws IOException {
    String host = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assertThat(raw("GET /v1/%2e%2e/secret" + host)).startsWith("HTTP/1.1 400").contains("problem");
    assertThat(raw("GET /v1/a%zz" + host)).startsWith("HTTP/1.1 4").contains("problem");
    assertThat(raw("GET /v1/" + "a".repeat(10_000) + host))
        .startsWith("HTTP/1.1 4")
        .contains("problem");
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains("problem");
    assertThat(raw("BREW /v1/universes" + host)).startsWith("HTTP/1.1 40").contains("problem");
    assertThat(raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 4").contains("problem");
    assertThat(api.get("/healthz").status()).isEqualTo(200);
  }

  /** Sends bytes and answers what comes back within the first packets. */
  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(api.address().getAddress(), api.address().getPort())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      StringBuilder answer = new StringBuilder();
      byte[] buffer = new byte[65_536];
      while (!answer.toString().contains("}")) {
        int read = socket.getInputStream().read(buffer);
        if (read < 0) {
          break;
        }
        answer.append(new String(buffer, 0, read, UTF_8));
      }
      return answer.toString();
    }
  }
}
