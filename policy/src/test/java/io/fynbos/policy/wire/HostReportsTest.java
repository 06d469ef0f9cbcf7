package io.fynbos.policy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.report.FlowRecord;
import io.fynbos.policy.report.HostAnswer;
import io.fynbos.policy.report.TrackedConnection;
import io.fynbos.policy.verdict.Transport;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostReportsTest {
  private static final IpAddress SOURCE = IpAddress.parse("10.0.1.10");
  private static final IpAddress DESTINATION = IpAddress.parse("10.0.2.10");

  private static FlowRecord record(Transport transport, Optional<Direction> direction) {
    return new FlowRecord(
        "2026-05-01T10:15:30.123Z",
        18,
        1000,
        0,
        SOURCE,
        DESTINATION,
        transport,
        FlowRecord.Result.WOULD_DENY,
        List.of(5L << 10 | 2),
        60,
        direction);
  }

  @Test
  void logsAreReadAsPrinted() throws WireError {
    HostReports.FlowLog log =
        new HostReports.FlowLog(
            List.of(
                record(new Transport.Ports(6, 40000, 5432), Optional.of(Direction.IN)),
                record(new Transport.Icmp(1, 8, 0), Optional.empty()),
                record(new Transport.Other(47), Optional.empty())),
            7);
    byte[] bytes = HostReports.writeFlowLog(log);
    assertThat(new String(bytes, UTF_8))
        .startsWith(
            "{\"records\":[{\"time\":\"2026-05-01T10:15:30.123Z\",\"universe\":18,\"sender\":1000,"
                + "\"receiver\":0,\"source\":\"10.0.1.10\",\"destination\":\"10.0.2.10\","
                + "\"protocol\":6,\"sourcePort\":40000,\"destinationPort\":5432,"
                + "\"verdict\":\"would-deny\",\"rules\":[5122],\"bytes\":60,\"direction\":\"in\"},")
        .endsWith("\"dropped\":7}");
    assertThat(HostReports.readFlowLog(bytes)).isEqualTo(log);
  }

  @Test
  void claimsAreReadAsPrinted() throws WireError {
    List<HostReports.Claim> claims = List.of(new HostReports.Claim(new UUID(1, 2), SOURCE, 120));
    assertThat(HostReports.readClaims(HostReports.writeClaims(claims))).isEqualTo(claims);
  }

  @Test
  void answersAreReadAsPrinted() throws WireError {
    List<HostAnswer> answers =
        List.of(
            new HostAnswer.Text("Flow: tcp\n"),
            new HostAnswer.Failure("there is no bridge br-int"),
            new HostAnswer.Connections(
                List.of(
                    new TrackedConnection(
                        18, SOURCE, DESTINATION, new Transport.Ports(6, 40000, 5432)),
                    new TrackedConnection(18, SOURCE, DESTINATION, new Transport.Icmp(1, 8, 0))),
                true));
    for (HostAnswer answer : answers) {
      assertThat(HostReports.readAnswer(HostReports.writeAnswer(answer))).isEqualTo(answer);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {} | records: expected this field, found nothing
          {"records": [{}]} | records[0].time: expected this field, found nothing
          {"records": [{"time": "yesterday"}]} | records[0].time: expected a time in UTC such as 2026-05-01T10:15:30.123Z, found "yesterday": it is written as RFC 3339 has it, ending in Z
          {"records": [], "dropped": -1} | dropped: expected an integer from 0 to 9223372036854775807, found the number -1
          {"records": [], "more": 1} | more: expected one of the fields records, dropped, found an unknown field
          """)
  void whatIsWrongWithALog(String text, String message) {
    WireError error =
        catchThrowableOfType(WireError.class, () -> HostReports.readFlowLog(text.getBytes(UTF_8)));
    assertThat(error.getMessage()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {} | connections: expected this field, found nothing
          {"text": 5} | text: expected a string, in quotes, found the number 5
          {"text": "a", "connections": []} | connections: expected one of the fields error, text, found an unknown field
          {"connections": [{"zone": 70000}]} | connections[0].zone: expected an integer from 0 to 65535, found the number 70000
          """)
  void whatIsWrongWithAnAnswer(String text, String message) {
    WireError error =
        catchThrowableOfType(WireError.class, () -> HostReports.readAnswer(text.getBytes(UTF_8)));
    assertThat(error.getMessage()).isEqualTo(message);
  }
}
