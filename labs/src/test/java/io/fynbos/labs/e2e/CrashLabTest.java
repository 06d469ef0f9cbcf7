package io.fynbos.labs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.labs.check.Check;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.ControllerApi.ControllerGone;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.labs.traffic.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes of the fabric die at any time; what was allowed goes on and nothing else starts. */
@Tag("lab")
class CrashLabTest {
  private static final int CRASHES = Integer.getInteger("fynbos.crashes", 8);
  private static TwoHosts fabric;

  @BeforeAll
  static void up() {
    fabric = TwoHosts.up("crash");
  }

  @AfterAll
  static void down() {
    fabric.close();
  }

  /** Whatever an earlier test left dead runs again. */
  @BeforeEach
  void makeWhole() {
    fabric.startEverything();
  }

  @Test
  void aControllerKilledUnderWritesLosesNoAcknowledgedChangeAndNoPing() {
    Set<String> acknowledged = new ConcurrentSkipListSet<>();
    Set<String> asked = new ConcurrentSkipListSet<>();
    Random random = new Random(7);
    List<Long> crashed = new ArrayList<>();
    try (GuestWires wires = fabric.wires();
        Stream pings = fabric.pings(wires, "web1", "db1", false);
        Stream pings6 = fabric.pings(wires, "ops1", "web2", true);
        Stream forbidden = fabric.stream(wires, "web1", "db1", false, TwoHosts.FORBIDDEN)) {
      for (int crash = 0; crash < CRASHES; crash++) {
        Thread writer = writes(crash, asked, acknowledged);
        int enough = acknowledged.size() + random.nextInt(30);
        Await.until(() -> acknowledged.size() >= enough, TwoHosts.LIMIT);
        fabric.lab().kill("controller", "controller", "KILL");
        crashed.add(System.nanoTime());
        awaitEnd(writer);
        fabric.lab().start("controller", "controller");
        assertThat(Await.until(fabric.api()::answers, TwoHosts.LIMIT)).isTrue();
      }
      fabric.awaitApplied();
      assertThat(groups()).containsAll(acknowledged);
      assertThat(asked).as("nothing that nobody asked for").containsAll(groups());
      assertPairsAreWhole();
      Stream.Account first = pings.stop();
      Stream.Account second = pings6.stop();
      System.out.printf(
          "%d crashes, %d acknowledged changes, %d pings, %d and %d lost%n",
          CRASHES, acknowledged.size(), first.sent() + second.sent(), first.lost(), second.lost());
      assertThat(lostAfter(crashed, first)).isEmpty();
      assertThat(lostAfter(crashed, second)).isEmpty();
      assertThat(forbidden.stop().arrived()).isZero();
    }
    assertThat(Check.of(fabric.lab()).differences()).isEmpty();
  }

  /** When pings were lost, told by the crash before. */
  private static List<String> lostAfter(List<Long> crashed, Stream.Account pings) {
    return pings.lostNanos().stream()
        .map(
            lost -> {
              long crash = crashed.stream().filter(at -> at <= lost).reduce((a, b) -> b).orElse(0L);
              return "a ping lost %d ms after crash %d"
                  .formatted(Duration.ofNanos(lost - crash).toMillis(), crashed.indexOf(crash) + 1);
            })
        .toList();
  }

  /** Each change puts two groups at once: one without the other would be half a change. */
  private static Thread writes(int crash, Set<String> asked, Set<String> acknowledged) {
    Thread writer =
        new Thread(
            () -> {
              try (ControllerApi api = fabric.lab().api()) {
                for (int i = 0; true; i++) {
                  String name = "crash%d-%d".formatted(crash, i);
                  asked.addAll(List.of(name + "-a", name + "-b"));
                  api.apply(
                      "[{\"kind\":\"SecurityGroup\",\"universe\":\"green\",\"name\":\"%s-a\"},{\"kind\":\"SecurityGroup\",\"universe\":\"green\",\"name\":\"%s-b\"}]"
                          .formatted(name, name));
                  acknowledged.addAll(List.of(name + "-a", name + "-b"));
                }
              } catch (ControllerGone killed) {
                // As intended; the next round has a writer of its own.
              }
            },
            "writer");
    writer.start();
    return writer;
  }

  private static Set<String> groups() {
    return fabric.api().collection("/v1/universes/green/groups").stream()
        .map(group -> group.path("name").asText())
        .filter(name -> name.startsWith("crash"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void assertPairsAreWhole() {
    Set<String> groups = groups();
    assertThat(groups)
        .allSatisfy(
            name -> {
              String stem = name.substring(0, name.length() - 1);
              assertThat(groups).contains(stem + "a", stem + "b");
            });
  }

  @ParameterizedTest(name = "controller there: {0}")
  @ValueSource(booleans = {true, false})
  void aKilledSwitchComesBackWithItsFlowsBeforeItForwardsAnything(boolean withController) {
    if (!withController) {
      fabric.lab().kill("controller", "controller", "KILL");
    }
    try (GuestWires wires = fabric.wires();
        Stream pings = fabric.pings(wires, "web1", "db1", false);
        Stream near = fabric.pings(wires, "ops1", "web1", true);
        Stream telnet = fabric.stream(wires, "ops1", "web1", false, TwoHosts.FORBIDDEN);
        Stream across = fabric.stream(wires, "web1", "db1", true, TwoHosts.FORBIDDEN)) {
      assertThat(Await.until(() -> pings.answered() > 20, TwoHosts.LIMIT)).isTrue();
      fabric.lab().kill("h1", "vswitchd", "KILL");
      long started = System.nanoTime();
      fabric.lab().start("h1", "vswitchd");
      assertThat(
              Await.until(
                  () -> pings.answeredSince(started) && near.answeredSince(started),
                  TwoHosts.LIMIT))
          .isTrue();
      Duration back = Duration.ofNanos(pings.firstAnswerAfter(started) - started);
      int enough = telnet.sent() + 200;
      Await.until(() -> telnet.sent() > enough, TwoHosts.LIMIT);
      System.out.printf(
          "vswitchd killed, controller %s: first ping answered %d ms after its start, longest silence %d ms%n",
          withController ? "there" : "away",
          back.toMillis(),
          pings.stop().longestSilence().toMillis());
      assertThat(telnet.stop().arrived() + across.stop().arrived()).as("leaked").isZero();
    }
    if (!withController) {
      fabric.lab().start("controller", "controller");
      assertThat(Await.until(fabric.api()::answers, TwoHosts.LIMIT)).isTrue();
    }
    fabric.awaitApplied();
    assertThat(Check.of(fabric.lab()).differences()).isEmpty();
  }

  @ParameterizedTest(name = "{0} of {1} down")
  @org.junit.jupiter.params.provider.CsvSource({
    "agent, h2",
    "controller, controller",
    "vswitchd, h2"
  })
  void aGuestPluggedInWhileSomethingIsDownForwardsNothingBeforeItsPolicyIsThere(
      String process, String node) {
    Guest guest = fabric.lab().guest("web2");
    fabric.lab().detach(guest);
    fabric.awaitApplied();
    fabric.lab().kill(node, process, "KILL");
    try (GuestWires wires = fabric.wires();
        Stream pings = fabric.pings(wires, "web2", "db1", false);
        Stream telnet = fabric.stream(wires, "web2", "web1", false, TwoHosts.FORBIDDEN);
        Stream inward = fabric.stream(wires, "ops1", "web2", false, TwoHosts.FORBIDDEN)) {
      fabric.lab().plug(guest);
      int enough = pings.sent() + 200;
      Await.until(() -> pings.sent() > enough, TwoHosts.LIMIT);
      assertThat(pings.arrived()).as("nobody has bound it yet").isZero();
      fabric.lab().start(node, process);
      long started = System.nanoTime();
      assertThat(Await.until(() -> pings.answeredSince(started), TwoHosts.LIMIT))
          .as("it works once %s is back", process)
          .isTrue();
      int more = telnet.sent() + 100;
      Await.until(() -> telnet.sent() > more, TwoHosts.LIMIT);
      assertThat(telnet.stop().arrived() + inward.stop().arrived()).as("leaked").isZero();
    }
    assertThat(Await.until(fabric.api()::answers, TwoHosts.LIMIT)).isTrue();
    fabric.awaitApplied();
  }

  private static void awaitEnd(Thread thread) {
    try {
      thread.join(TwoHosts.LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertThat(thread.isAlive()).isFalse();
  }
}
