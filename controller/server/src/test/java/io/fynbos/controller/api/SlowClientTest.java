package io.fynbos.controller.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fynbos.controller.store.InMemoryStore;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A client that watches and does not read. */
class SlowClientTest {
  private static final EventStream.Pace QUICK =
      new EventStream.Pace(Duration.ofMillis(100), Duration.ofSeconds(1));
  private static final int CHANGES = 100;

  @Test
  void itIsDroppedAndTheOthersHearEverything() throws Exception {
    try (RunningApi api = new RunningApi(new InMemoryStore(), Optional.empty(), QUICK);
        Socket slow = new Socket()) {
      api.put("/v1/universes/blue", "{\"prefixes\": [\"10.0.0.0/16\"]}");
      slow.setReceiveBufferSize(4_096);
      slow.connect(new InetSocketAddress(api.address().getAddress(), api.address().getPort()));
      slow.getOutputStream()
          .write("GET /v1/watch?since=0 HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      await().until(() -> watches(api) == 1);
      CompletableFuture<Long> heard = CompletableFuture.supplyAsync(() -> hear(api));
      for (int i = 0; i < CHANGES; i++) {
        assertThat(api.put("/v1/universes/blue/policies/p", policy(i)).status()).isLessThan(300);
      }
      assertThat(heard.join()).isEqualTo(CHANGES);
      await().atMost(Duration.ofSeconds(20)).until(() -> watches(api) == 0);
      assertThat(api.get("/healthz").status()).isEqualTo(200);
    }
  }

  private static long hear(RunningApi api) {
    try (Stream<String> lines = api.stream("/v1/watch?since=1")) {
      return lines
          .filter(line -> line.startsWith("data: ") && line.contains("\"Policy\""))
          .limit(CHANGES)
          .count();
    }
  }

  /** A policy of about 80 kB. */
  private static String policy(int order) {
    String rule =
        "{\"direction\":\"in\",\"action\":\"allow\",\"services\":[{\"protocol\":\"tcp\",\"ports\":[\"%d\"]}]}";
    return IntStream.range(1, 1_000)
        .mapToObj(rule::formatted)
        .collect(
            Collectors.joining(
                ",", "{\"tier\":\"universe\",\"order\":" + order + ",\"rules\":[", "]}"));
  }

  private static int watches(RunningApi api) {
    String text = api.get("/metrics").body();
    int at = text.indexOf("\nfynbos_watches ");
    return (int) Double.parseDouble(text.substring(at + 16).lines().findFirst().orElseThrow());
  }
}
