package io.fynbos.controller.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.api.RunningApi.Answer;
import io.fynbos.controller.store.InMemoryStore;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes in, the answer is the client's fault or a success, and the server stays up. */
class ApiFuzzTest {
  private static final long SEED = 4_711;
  private static final int REQUESTS = 3_000;

  private static final List<String> BODIES =
      List.of(
          "{\"kind\":\"Universe\",\"name\":\"blue\",\"prefixes\":[\"10.0.0.0/16\",\"fd00:7::/64\"],"
              + "\"defaults\":{\"in\":\"deny\",\"out\":\"allow\"},\"internet\":\"none\"}",
          "{\"kind\":\"Endpoint\",\"universe\":\"blue\",\"name\":\"e1\",\"addresses\":[\"10.0.1.10\"],"
              + "\"groups\":[\"web\"],\"mac\":\"02:00:00:00:00:01\"}",
          "{\"kind\":\"Policy\",\"name\":\"p\",\"tier\":\"universe\",\"universe\":\"blue\","
              + "\"order\":900,\"rules\":[{\"direction\":\"in\",\"action\":\"allow\",\"peers\":"
              + "[{\"cidr\":\"10.0.0.0/8\",\"except\":[\"10.1.0.0/16\"]}],\"services\":"
              + "[{\"protocol\":\"tcp\",\"ports\":[\"80\",\"8000-8080\"]}]}]}",
          "{\"bindings\":[{\"id\":\"6f1c0a52-54b0-4c5e-9d3e-0d6a3a1f7b11\",\"ofport\":5}],"
              + "\"complete\":true}",
          "{\"revision\":1}",
          "kind: SecurityGroup\nuniverse: blue\nname: web\n---\nkind: Pool\nname: p\nprefixes: []\n");

  private static final List<String> PATHS =
      List.of(
          "/v1/apply",
          "/v1/delete",
          "/v1/universes/blue",
          "/v1/universes/blue/groups/web",
          "/v1/universes/blue/endpoints/e1",
          "/v1/universes/blue/policies/p",
          "/v1/policies/p",
          "/v1/pools/p",
          "/v1/hosts/h1",
          "/v1/hosts/h1/bindings",
          "/v1/hosts/h1/applied");

  private final Random random = new Random(SEED);

  @Test
  void randomRequestsNeverBreakTheServer() {
    try (RunningApi api = new RunningApi(new InMemoryStore())) {
      api.put("/v1/hosts/h1", "{\"underlay\":\"172.31.0.1\",\"datapathId\":\"0000000000000001\"}");
      for (int i = 0; i < REQUESTS; i++) {
        String method = pick(List.of("PUT", "PUT", "POST", "POST", "DELETE", "GET"));
        String path = pick(PATHS) + (random.nextInt(20) == 0 ? query() : "");
        byte[] body = mutated(pick(BODIES).getBytes(UTF_8));
        Answer answer = api.send(method, path, body, "Content-Type", contentType());
        assertThat(answer.status())
            .as("seed %d request %d: %s %s %s → %s", SEED, i, method, path, text(body), answer)
            .isLessThan(500);
        if (answer.status() >= 400) {
          assertThat(answer.header("content-type")).contains("application/problem+json");
        }
      }
      assertThat(api.get("/healthz").status()).isEqualTo(200);
      assertThat(api.get("/readyz").status()).isEqualTo(200);
    }
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private String contentType() {
    return pick(List.of("application/json", "application/yaml", "text/plain", "application/json"));
  }

  private String query() {
    return "?" + pick(List.of("limit", "x", "wait", "dryRun")) + "=" + random.nextInt(5);
  }

  /** The body with bytes changed, cut out, doubled or put in; sometimes as it is. */
  private byte[] mutated(byte[] original) {
    byte[] body = original;
    for (int times = random.nextInt(4); times > 0 && body.length > 1; times--) {
      int at = random.nextInt(body.length);
      int length = 1 + random.nextInt(Math.min(12, body.length - at));
      byte[] next;
      switch (random.nextInt(4)) {
        case 0 -> {
          next = body.clone();
          next[at] = (byte) random.nextInt(256);
        }
        case 1 -> next = join(body, at, new byte[0], at + length);
        case 2 -> next = join(body, at, slice(body, at, at + length), at);
        default -> next = join(body, at, pick(TOKENS).getBytes(UTF_8), at + length);
      }
      body = next;
    }
    return body;
  }

  private static final List<String> TOKENS =
      List.of(
          "null", "-1", "1e999", "99999999999999999999", "\"\"", "[]", "{}", "\u0000", "𝄞", "\"");

  private static byte[] slice(byte[] body, int from, int to) {
    return java.util.Arrays.copyOfRange(body, from, to);
  }

  private static byte[] join(byte[] body, int at, byte[] middle, int from) {
    byte[] joined = new byte[at + middle.length + body.length - from];
    System.arraycopy(body, 0, joined, 0, at);
    System.arraycopy(middle, 0, joined, at, middle.length);
    System.arraycopy(body, from, joined, at + middle.length, body.length - from);
    return joined;
  }

  private static String text(byte[] body) {
    return new String(body, UTF_8);
  }
}
