package io.fynbos.agent.flowlog;

import static io.fynbos.agent.support.Threads.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.agent.support.Frames;
import io.fynbos.agent.support.LinkedPeer;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.PacketIn;
import io.fynbos.policy.wire.HostReports;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log against a controller that takes, refuses and goes away. */
class FlowLogTest {
  private final LinkedPeer peer = new LinkedPeer();
  private final FlowLog log =
      new FlowLog(peer.link(), peer.threads().events(), InstantSource.system());

  @AfterEach
  void stop() {
    peer.close();
  }

  private static PacketIn packet(int number) {
    Match match = Match.builder().inPort(5).reg(2, 18).reg(10, number).reg(13, 1).build();
    return Frames.packetIn(match, Frames.TCP_V4);
  }

  private List<Long> rules() {
    List<Long> rules = new ArrayList<>();
    for (JsonNode batch : peer.controller().posted("flow-log")) {
      assertThat(batch.path("records").size()).isLessThanOrEqualTo(HostReports.RECORDS_MAX);
      batch.path("records").forEach(one -> rules.add(one.path("rules").path(0).asLong()));
    }
    return rules;
  }

  private long dropped() {
    long dropped = 0;
    for (JsonNode batch : peer.controller().posted("flow-log")) {
      dropped += batch.path("dropped").asLong();
    }
    return dropped;
  }

  @Test
  void recordsComeInOrderInBatches() {
    peer.controller().start();
    peer.start(log::linkUp);
    for (int i = 1; i <= 1_200; i++) {
      log.packetIn(packet(i));
    }
    await(() -> rules().size() == 1_200);
    assertThat(rules()).isSorted().doesNotHaveDuplicates();
    assertThat(peer.controller().posted("flow-log").size()).isLessThan(10);
    assertThat(dropped()).isZero();
  }

  @Test
  void recordsWaitForTheControllerAndThoseBeyondTheBoundAreCounted() {
    peer.start(log::linkUp);
    for (int i = 1; i <= FlowLog.RECORDS_MAX + 300; i++) {
      log.packetIn(packet(i));
    }
    assertThat(log.dropped()).isEqualTo(300);
    peer.controller().start();
    await(() -> rules().size() == FlowLog.RECORDS_MAX && dropped() == 300);
    assertThat(rules().get(0)).isEqualTo(1);
    assertThat(rules()).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aBusyControllerIsAskedAgainAndNothingIsLost() {
    peer.controller().start();
    peer.controller().answer("flow-log", 503);
    peer.start(log::linkUp);
    await(() -> peer.controller().listeners() == 1);
    log.packetIn(packet(1));
    log.packetIn(packet(2));
    peer.controller().answer("flow-log", 429);
    log.packetIn(packet(3));
    peer.controller().answerAll();
    await(() -> rules().equals(List.of(1L, 2L, 3L)));
    assertThat(dropped()).isZero();
  }

  @Test
  void whatTheControllerRefusesIsDroppedAndCounted() {
    peer.controller().start();
    peer.controller().answer("flow-log", 422);
    peer.start(log::linkUp);
    log.packetIn(packet(1));
    log.packetIn(packet(2));
    await(() -> log.dropped() == 2);
    peer.controller().answerAll();
    await(() -> dropped() == 2);
    assertThat(rules()).isEmpty();
    log.packetIn(packet(3));
    await(() -> rules().equals(List.of(3L)));
  }

  @Test
  void aControllerThatHasForgottenTheHostIsRegisteredWithAndToldAgain() {
    peer.controller().start();
    peer.controller().answer("flow-log", 404);
    peer.start(log::linkUp);
    log.packetIn(packet(1));
    await(() -> peer.controller().registrations().size() >= 2);
    peer.controller().answerAll();
    await(() -> rules().equals(List.of(1L)));
  }

  @Test
  void framesThatSayNothingAreCounted() {
    peer.controller().start();
    peer.start(log::linkUp);
    log.packetIn(Frames.packetIn(Match.builder().inPort(5).build(), "00"));
    await(() -> dropped() == 1);
    assertThat(log.told()).isZero();
    assertThat(peer.threads().events().faults()).isZero();
  }
}
