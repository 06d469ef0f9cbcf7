package io.fynbos.policy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.verdict.Transport;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFormTest {
  private static TraceForm.Asked read(String text) throws WireError {
    return TraceForm.read(text.getBytes(UTF_8));
  }

  @Test
  void aPacketIsReadWithEverythingThatMayBeSaid() throws WireError {
    assertThat(
            read(
                """
                {"from": "blue/web1", "to": "10.0.2.10", "universe": "blue",
                 "service": "tcp/5432", "sourcePort": 555, "reply": true}"""))
        .isEqualTo(
            new TraceForm.Asked(
                "blue/web1",
                "10.0.2.10",
                Optional.of(new UniverseName("blue")),
                new Transport.Ports(6, 555, 5432),
                true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "service": "udp/53" | udp 40000 → 53
          "service": "SCTP/3868" | sctp 40000 → 3868
          "service": "icmp" | icmp type 8 code 0
          "service": "icmp/3/4" | icmp type 3 code 4
          "service": "icmpv6" | icmpv6 type 128 code 0
          "service": "proto/47" | protocol 47
          "protocol": "tcp", "port": 80 | tcp 40000 → 80
          "protocol": 17, "port": 53 | udp 40000 → 53
          "protocol": "icmp" | icmp type 8 code 0
          "protocol": "icmpv6", "type": 135 | icmpv6 type 135 code 0
          "protocol": 47 | protocol 47
          """)
  void servicesAreReadAsTheyAreTyped(String service, String transport) throws WireError {
    TraceForm.Asked asked = read("{\"from\": \"a/b\", \"to\": \"a/c\", " + service + "}");
    assertThat(asked.transport()).hasToString(transport);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {} | from: expected this field, found nothing
          {"from": "a/b", "to": ""} | to: expected an endpoint such as blue/web1, or an IP address, found ""
          {"from": "a/b", "to": "a/c"} | protocol: expected this field, found nothing
          {"from": "a/b", "to": "a/c", "protocol": "tcp"} | port: expected this field, found nothing
          {"from": "a/b", "to": "a/c", "service": "tcp"} | service: expected a service such as tcp/5432, udp/53, icmp/8, icmpv6/128 or proto/47, found "tcp": it needs one port, as in tcp/443
          {"from": "a/b", "to": "a/c", "service": "tcp/x"} | service: expected a service such as tcp/5432, udp/53, icmp/8, icmpv6/128 or proto/47, found "tcp/x": a port is a number from 0 to 65535
          {"from": "a/b", "to": "a/c", "service": "proto/6"} | service: expected a service such as tcp/5432, udp/53, icmp/8, icmpv6/128 or proto/47, found "proto/6": protocol 6 has a name; use that
          {"from": "a/b", "to": "a/c", "service": "gre"} | service: expected a service such as tcp/5432, udp/53, icmp/8, icmpv6/128 or proto/47, found "gre": there is no such protocol
          {"from": "a/b", "to": "a/c", "service": "tcp/1", "port": 2} | port: expected one of the fields from, to, sourcePort, service, universe, reply, found an unknown field
          """)
  void whatIsWrongWithATrace(String text, String message) {
    WireError error = catchThrowableOfType(WireError.class, () -> read(text));
    assertThat(error.getMessage()).isEqualTo(message);
  }
}
