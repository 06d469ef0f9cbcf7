package io.fynbos.agent.flowlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.agent.support.Frames;
import io.fynbos.openflow.wire.Match;
import io.fynbos.policy.report.FlowRecord;
import io.fynbos.policy.wire.HostReports;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogRecordTest {
  private static final Instant TIME = Instant.parse("2026-11-22T03:00:00.123456789Z");

  private static Match.Builder packet() {
    return Match.builder().reg(0, 20).reg(1, 30).reg(2, 18);
  }

  @Test
  void aPacketOfAGuestIsRecordedWithBothRules() {
    Match match =
        packet().inPort(5).reg(10, 0xc0000401).reg(11, 1025).reg(12, 7).reg(13, 1).build();
    assertThat(json(match, Frames.TCP_V4))
        .isEqualTo(
            "{'time':'2026-11-22T03:00:00.123Z','universe':18,'sender':20,'receiver':30,"
                + "'source':'10.0.0.1','destination':'10.0.0.2','protocol':6,"
                + "'sourcePort':40000,'destinationPort':80,'verdict':'allow',"
                + "'rules':[3221226497,1025],'bytes':54,'direction':'out'}");
  }

  @Test
  void aPacketOfATunnelIsRecordedAsComingIn() {
    Match match = packet().inPort(65000).reg(10, 1025).reg(12, 2049).reg(13, 5).build();
    assertThat(json(match, Frames.UDP_V6))
        .contains("'direction':'in'", "'rules':[2049]", "'verdict':'would-deny'")
        .contains("'source':'fd00:7::1'", "'destinationPort':53");
  }

  @Test
  void anIcmpPacketHasATypeAndACodeInPlaceOfPorts() {
    String echo = Frames.TCP_V4.replace("40060000", "40010000").replace("9c400050", "0800f7ff");
    assertThat(json(packet().inPort(5).reg(13, 2).build(), echo))
        .contains("'protocol':1,'type':8,'code':0,'verdict':'deny'")
        .doesNotContain("Port");
  }

  @ParameterizedTest
  @CsvSource({"1, allow", "2, deny", "3, reject", "4, would-allow", "5, would-deny"})
  void eachVerdictHasItsWord(int number, String word) {
    assertThat(json(packet().inPort(5).reg(13, number).build(), Frames.TCP_V4))
        .contains("'verdict':'" + word + "'");
  }

  @Test
  void aPacketWithoutAVerdictOrWithoutIpIsNone() {
    Match judged = packet().inPort(5).reg(13, 1).build();
    Match unknown = packet().inPort(5).reg(13, 6).build();
    Match none = packet().inPort(5).build();
    assertThat(LogRecord.read(Frames.packetIn(unknown, Frames.TCP_V4), TIME)).isEmpty();
    assertThat(LogRecord.read(Frames.packetIn(none, Frames.TCP_V4), TIME)).isEmpty();
    assertThat(LogRecord.read(Frames.packetIn(judged, Frames.GRATUITOUS_ARP), TIME)).isEmpty();
  }

  private static String json(Match match, String frame) {
    FlowRecord read = LogRecord.read(Frames.packetIn(match, frame), TIME).orElseThrow();
    byte[] bytes = HostReports.writeFlowLog(new HostReports.FlowLog(List.of(read), 0));
    String text = new String(bytes, StandardCharsets.UTF_8).replace('"', '\'');
    return text.substring(text.indexOf('[') + 1, text.lastIndexOf(']'));
  }
}
