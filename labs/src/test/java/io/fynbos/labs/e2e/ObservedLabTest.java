package io.fynbos.labs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.labs.net.Segment;
import io.fynbos.labs.net.Sighting;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.traffic.GuestWires;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fabric says of the packets that it passed, denied and would have judged differently. */
@Tag("lab")
class ObservedLabTest {
  private static final int PACKETS = 20;
  private static final Duration SEEN_LIMIT = Duration.ofSeconds(15);
  private static final String WATCHED =
      """
      kind: Policy
      universe: blue
      name: watched
      tier: universe
      order: 500
      appliesTo: {groups: [db]}
      rules:
      - {direction: in, action: allow, log: true, peers: [{group: web}], services: [{protocol: tcp, ports: ["7000"]}]}
      - {direction: in, action: deny, log: true, peers: [{group: web}], services: [{protocol: tcp, ports: ["7001"]}]}
      - {direction: in, action: reject, log: true, peers: [{group: web}], services: [{protocol: tcp, ports: ["7002"]}]}
      - {direction: in, action: allow, peers: [{group: web}], services: [{protocol: tcp, ports: ["7003-7004"]}]}
      - {direction: in, action: deny, stage: audit, order: 400, log: true, peers: [{group: web}], services: [{protocol: tcp, ports: ["7003"]}]}
      - {direction: in, action: allow, stage: audit, order: 400, log: true, peers: [{group: web}], services: [{protocol: tcp, ports: ["7001"]}]}
      - {direction: in, action: allow, stage: audit, order: 400, log: true, peers: [{group: web}], services: [{protocol: tcp, ports: ["7004"]}]}
      """;

  private static final AtomicInteger TOKENS = new AtomicInteger(9_000);
  private static TwoHosts fabric;

  @BeforeAll
  static void up() {
    fabric = TwoHosts.up("observed");
    fabric.apply(WATCHED);
  }

  @AfterAll
  static void down() {
    fabric.close();
  }

  /** Sends this many first packets, and tells how many of them arrived at db1. */
  private static int send(String from, boolean v6, int port) {
    Set<Integer> arrived = new ConcurrentSkipListSet<>();
    try (GuestWires wires = fabric.wires()) {
      wires.watch(
          (guest, sighting, nanos) -> {
            if (guest.equals("db1") && sighting.kind() == Sighting.Kind.PROBE) {
              arrived.add(sighting.token());
            }
          });
      InetAddress source = fabric.address(from, v6);
      InetAddress destination = fabric.address("db1", v6);
      int first = TOKENS.getAndAdd(PACKETS + 1);
      for (int token = first; token < first + PACKETS; token++) {
        wires.send(from, new Segment.Syn(30_000 + token, port).packet(source, destination, token));
      }
      int last = first + PACKETS;
      wires.send(
          "web2",
          new Segment.Syn(30_000 + last, 5432)
              .packet(fabric.address("web2", v6), destination, last));
      int goal = PACKETS + 1;
      Await.until(() -> arrived.size() == goal, Duration.ofMillis(500));
      return (int) IntStream.range(first, last).filter(arrived::contains).count();
    }
  }

  private static JsonNode rule(int index) {
    JsonNode hits = fabric.api().read("/v1/universes/blue/policies/watched/hits").body();
    assertThat(hits.path("unread")).isEmpty();
    return hits.path("rules").path(index);
  }

  private static void awaitHits(int rule, String path, long more, long before) {
    assertThat(Await.until(() -> rule(rule).at(path).asLong() >= before + more, SEEN_LIMIT))
        .as("rule %d counts %s: %s", rule, path, rule(rule))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyPacketIsCountedAtTheRuleThatDecidedAboutIt(boolean v6) {
    for (int rule : new int[] {0, 1}) {
      long packets = rule(rule).path("packets").asLong();
      long bytes = rule(rule).path("bytes").asLong();
      int arrived = send("web1", v6, 7_000 + rule);
      assertThat(arrived).isEqualTo(rule == 0 ? PACKETS : 0);
      awaitHits(rule, "/packets", PACKETS, packets);
      awaitHits(rule, "/bytes", PACKETS * 54L, bytes);
      assertThat(rule(rule).path("lastHit").asText()).contains("T").endsWith("Z");
    }
    assertThat(rule(1).path("packets").asLong() % PACKETS)
        .as("a denied packet has no answer, so nothing else is counted")
        .isZero();
  }

  @Test
  void auditRulesDecideNothingAndCountWhatTheyWouldHaveChanged() {
    long denials = rule(4).at("/audit/packets").asLong();
    long permissions = rule(5).at("/audit/packets").asLong();
    long agreed = rule(6).at("/audit/packets").asLong();
    assertThat(send("web1", false, 7_003)).as("would be denied, and passes").isEqualTo(PACKETS);
    assertThat(send("web1", true, 7_001)).as("would be allowed, and does not").isZero();
    assertThat(send("web1", false, 7_004)).as("would be allowed, and is").isEqualTo(PACKETS);
    awaitHits(4, "/audit/packets", PACKETS, denials);
    awaitHits(5, "/audit/packets", PACKETS, permissions);
    assertThat(rule(6).at("/audit/packets").asLong()).as("no difference").isEqualTo(agreed);
    awaitRecord("would-deny", "web1", 7_003);
    awaitRecord("would-allow", "web1", 7_001);
  }

  private static JsonNode awaitRecord(String verdict, String from, int port) {
    assertThat(Await.until(() -> record(verdict, from, port).isPresent(), SEEN_LIMIT))
        .as("%s of tcp/%d in %s", verdict, port, fabric.api().events("/v1/flow-log?universe=blue"))
        .isTrue();
    return record(verdict, from, port).orElseThrow();
  }

  private static Optional<JsonNode> record(String verdict, String from, int port) {
    Predicate<JsonNode> wanted =
        each ->
            each.path("verdict").asText().equals(verdict)
                && each.path("from").asText().equals("blue/" + from)
                && each.path("destinationPort").asInt() == port;
    return fabric.api().events("/v1/flow-log?universe=blue").stream().filter(wanted).findFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {"allow 7000", "deny 7001", "reject 7002"})
  void aRuleThatLogsSaysWhoWhatWhenAndWhichRule(String verdictAndPort) {
    String verdict = verdictAndPort.split(" ", -1)[0];
    int port = Integer.parseInt(verdictAndPort.split(" ", -1)[1]);
    send("web2", true, port);
    JsonNode record = awaitRecord(verdict, "web2", port);
    assertThat(record.path("universe").asText()).isEqualTo("blue");
    assertThat(record.path("to").asText()).isEqualTo("blue/db1");
    assertThat(record.path("protocol").asText()).isEqualTo("tcp");
    assertThat(record.path("time").asText()).endsWith("Z");
    assertThat(record.path("bytes").asLong()).isPositive();
    assertThat(record.path("rules"))
        .extracting(rule -> rule.path("policy").asText() + " " + rule.path("rule").asInt())
        .contains("blue/watched " + (port - 7_000));
    assertThat(texts(record.path("fromGroups"))).containsExactly("web");
    assertThat(texts(record.path("toGroups"))).containsExactly("db");
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  @Test
  void aUniverseThatLogsDenialsLogsThoseOfItsDefaultsAndOthersDoNot() {
    send("web1", false, 7_500);
    fabric.apply(
        "{kind: Universe, name: blue, prefixes: [10.0.0.0/16, 'fd00:7::/64'], defaults: {in: deny, out: allow}, logDenied: true}");
    send("web1", false, 7_501);
    awaitRecord("deny", "web1", 7_501);
    assertThat(record("deny", "web1", 7_500)).as("before it logged").isEmpty();
    fabric.apply(
        "{kind: Universe, name: blue, prefixes: [10.0.0.0/16, 'fd00:7::/64'], defaults: {in: deny, out: allow}}");
  }
}
