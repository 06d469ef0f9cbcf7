package io.fynbos.agent.slowpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.agent.support.Frames;
import io.fynbos.agent.support.SilentSession;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.PacketIn;
import io.fynbos.openflow.wire.PacketOut;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which packets are answered, where answers go, and who gets the others. */
class SlowPathTest {
  private static final int TUNNEL = 65000;

  private final List<PacketIn> logged = new ArrayList<>();
  private final List<PacketIn> claimed = new ArrayList<>();
  private final SlowPath slowPath = new SlowPath(logged::add, claimed::add);
  private final SilentSession session = new SilentSession();

  private static PacketIn from(OwnTable table, Match match) {
    PacketIn packet = Frames.packetIn(match, Frames.TCP_V4);
    return new PacketIn(
        packet.reason(),
        table.number(),
        table.cookie(),
        match,
        packet.userdata(),
        packet.totalBytes(),
        packet.frame());
  }

  @Test
  void aRejectedPacketOfAGuestIsAnsweredAtItsPort() {
    slowPath.packetIn(session, from(OwnTable.REJECT, Match.builder().inPort(5).build()));
    PacketOut out = session.sent().get(0);
    assertThat(out.actions()).hasToString("[output:5]");
    assertThat(slowPath.answered()).isEqualTo(1);
  }

  @Test
  void aRejectedPacketOfAnotherHostIsAnsweredThroughTheTunnelAsTheReceiver() {
    Match match =
        Match.builder()
            .inPort(TUNNEL)
            .with(OxmField.TUN_SRC, 0xac1f0001L)
            .with(OxmField.TUN_ID, 20)
            .reg(0, 20)
            .reg(1, 30)
            .build();
    slowPath.packetIn(session, from(OwnTable.REJECT, match));
    assertThat(session.sent().get(0).actions().toString())
        .contains("172.31.0.1->tun_dst", "0x1e->tun_id", "output:65000");
  }

  @Test
  void aPacketOfATunnelWhoseEndsAreNotKnownIsNotAnswered() {
    Match noIdentity = Match.builder().inPort(TUNNEL).with(OxmField.TUN_SRC, 0xac1f0001L).build();
    Match noHost = Match.builder().inPort(TUNNEL).reg(1, 30).build();
    slowPath.packetIn(session, from(OwnTable.REJECT, noIdentity));
    slowPath.packetIn(session, from(OwnTable.TTL_EXPIRED, noHost));
    slowPath.packetIn(session, from(OwnTable.TOO_BIG, Match.builder().build()));
    assertThat(session.sent()).isEmpty();
    assertThat(slowPath.unanswered()).isEqualTo(3);
  }

  @Test
  void aSwitchThatReadsSlowlyIsSpared() {
    session.slow(true);
    slowPath.packetIn(session, from(OwnTable.REJECT, Match.builder().inPort(5).build()));
    assertThat(session.sent()).isEmpty();
    assertThat(slowPath.unanswered()).isEqualTo(1);
  }

  @Test
  void loggedPacketsAndClaimsAreHandedOnAndNotAnswered() {
    PacketIn log = from(OwnTable.LOG, Match.builder().inPort(5).build());
    PacketIn claim = from(OwnTable.CLAIM, Match.builder().inPort(5).build());
    slowPath.packetIn(session, log);
    slowPath.packetIn(session, claim);
    assertThat(logged).containsExactly(log);
    assertThat(claimed).containsExactly(claim);
    assertThat(session.sent()).isEmpty();
  }

  @Test
  void whatNoTableOfTheAgentsSentIsLeftAlone() {
    slowPath.packetIn(session, Frames.packetIn(Match.builder().inPort(5).build(), Frames.TCP_V4));
    assertThat(session.sent()).isEmpty();
    assertThat(slowPath.unanswered()).isEqualTo(1);
  }

  @Test
  void eachTablesFlowSendsACopyHereUnderTheMeterOfItsNumber() {
    assertThat(OwnTable.LOG.flow().toString())
        .contains("table=63")
        .contains("controller(max_len=256,id=18041,userdata=3f,meter_id=63)");
    assertThat(OwnTable.LOG.meter().toString()).contains("meter=63 pktps burst", "rate=1000");
  }
}
