package io.fynbos.labs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.labs.check.Check;
import io.fynbos.labs.runner.ControllerApi.Answer;
import io.fynbos.labs.traffic.TcpEcho;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fabric says beforehand of a change and of a packet, against what then happens. */
@Tag("lab")
class PredictedLabTest {
  /** Web loses its databases, and operators gain them. */
  private static final String CHANGE =
      """
      [{"kind":"Policy","universe":"blue","name":"web-to-db","delete":true},
       {"kind":"Policy","universe":"blue","name":"web-site","delete":true},
       {"kind":"Policy","universe":"blue","name":"logs","tier":"universe","appliesTo":{"groups":["ops"]},
        "rules":[{"direction":"in","action":"allow","peers":[{"group":"web"}],"services":[{"protocol":"tcp","ports":["5514"]}]}]}]
      """;

  private static TwoHosts fabric;

  @BeforeAll
  static void up() {
    fabric = TwoHosts.up("predicted");
  }

  @AfterAll
  static void down() {
    fabric.close();
  }

  @Test
  void aDryRunSaysWhatTheApplyThenDoesAndChangesNothing() {
    var server = new InetSocketAddress(fabric.address("db1", false), 5432);
    try (TcpEcho open = TcpEcho.connect(fabric.lab().namespace("web1"), server)) {
      assertThat(open.awaitBytes(20, TwoHosts.LIMIT)).isTrue();
      Set<String> pairsBefore = Check.of(fabric.lab()).pairs();
      SortedMap<String, Integer> flowsBefore = flows();
      long revision = fabric.api().latestRevision();

      Answer said = fabric.api().call("POST", "/v1/apply?dryRun=true", CHANGE);
      assertThat(said.status()).as(said.body().toString()).isEqualTo(200);
      assertThat(fabric.api().latestRevision()).isEqualTo(revision);
      assertThat(flows()).isEqualTo(flowsBefore);
      assertThat(open.awaitBytes(20, TwoHosts.LIMIT)).as("nothing is cut yet").isTrue();

      long changed = fabric.api().apply(CHANGE);
      fabric.api().awaitApplied(changed, TwoHosts.LIMIT);
      long enforced = System.nanoTime();
      assertThat(said.body().path("unread")).isEmpty();
      assertThat(cut(said.body())).contains("blue/web1 blue/db1 tcp 5432");
      assertThat(open.awaitBytes(1, TwoHosts.PACE.multipliedBy(60))).isFalse();
      assertThat(open.lastBackNanos()).isLessThanOrEqualTo(enforced);
      assertThat(flows()).isEqualTo(predicted(flowsBefore, said.body()));

      Set<String> pairsAfter = Check.of(fabric.lab()).pairs();
      assertThat(pairs(said.body().at("/reach/gained")))
          .containsAll(minus(pairsAfter, pairsBefore));
      assertThat(pairs(said.body().at("/reach/lost"))).containsAll(minus(pairsBefore, pairsAfter));
      assertThat(minus(pairsBefore, pairsAfter)).isNotEmpty();
      assertThat(minus(pairsAfter, pairsBefore)).isNotEmpty();
      assertThat(Check.of(fabric.lab()).differences()).isEmpty();
    }
  }

  private static Set<String> minus(Set<String> all, Set<String> some) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  private static List<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static Set<String> pairs(JsonNode ways) {
    return items(ways).stream()
        .map(way -> way.path("from").asText() + " " + way.path("to").asText())
        .collect(Collectors.toSet());
  }

  private static List<String> cut(JsonNode said) {
    return items(said.path("cut")).stream()
        .map(
            each ->
                "%s %s %s %d"
                    .formatted(
                        each.path("from").asText(),
                        each.path("to").asText(),
                        each.path("protocol").asText(),
                        each.path("destinationPort").asInt()))
        .toList();
  }

  /** How many flows of the controller each host has. */
  private static SortedMap<String, Integer> flows() {
    SortedMap<String, Integer> flows = new TreeMap<>();
    for (String host : List.of("h1", "h2")) {
      String dumped =
          fabric
              .lab()
              .hostSwitch(host)
              .ofctl("dump-flows", "br-int", "cookie=0x0100000000000000/0xff00000000000000")
              .succeed();
      flows.put(host, (int) dumped.lines().filter(line -> line.contains("cookie=")).count());
    }
    return flows;
  }

  private static SortedMap<String, Integer> predicted(
      SortedMap<String, Integer> before, JsonNode said) {
    SortedMap<String, Integer> after = new TreeMap<>(before);
    for (JsonNode host : items(said.path("hosts"))) {
      int more = host.path("added").asInt() - host.path("removed").asInt();
      after.merge(host.path("host").asText(), more, Integer::sum);
    }
    return after;
  }

  @ParameterizedTest
  @CsvSource({
    "green/web1, green/db1, tcp/3306, allow",
    "green/web2, green/web1, udp/4795, allow",
    "green/db1, green/web1, tcp/80, deny",
    "blue/ops1, blue/db1, icmp/8, allow",
    "blue/ops1, blue/web2, sctp/3868, allow",
    "blue/ops1, blue/web1, tcp/23, deny",
    "blue/web1, blue/db1, tcp/8042, reject"
  })
  void theModelAndTheSwitchesTellTheSameOfAPacket(
      String from, String to, String service, String verdict) {
    Answer trace =
        fabric
            .api()
            .call(
                "POST",
                "/v1/trace",
                "{\"from\":\"%s\",\"to\":\"%s\",\"service\":\"%s\"}".formatted(from, to, service));
    assertThat(trace.status()).as(trace.body().toString()).isEqualTo(200);
    assertThat(trace.body().path("verdict").asText()).isEqualTo(verdict);
    assertThat(trace.body().path("agrees").asBoolean()).as(trace.body().toString()).isTrue();
    assertThat(trace.body().at("/live/0/tables")).isNotEmpty();
  }
}
