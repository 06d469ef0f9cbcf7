package io.fynbos.agent.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.report.TrackedConnection;
import io.fynbos.policy.verdict.Transport;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionLineTest {
  private static final String TCP =
      "tcp,orig=(src=10.0.1.10,dst=10.0.2.10,sport=40000,dport=5432),"
          + "reply=(src=10.0.2.10,dst=10.0.1.10,sport=5432,dport=40000),"
          + "zone=18,protoinfo=(state=ESTABLISHED)";

  /** What the tracker in userspace and the one in the kernel have each been seen to write. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        TCP + "~18 6/40000>5432 10.0.1.10 10.0.2.10",
        "udp,orig=(src=fd00:7::1,dst=fd00:7::2,sport=5,dport=53),reply=(src=fd00:7::2,"
            + "dst=fd00:7::1,sport=53,dport=5),zone=19,mark=1,labels=0x2"
            + "~19 17/5>53 fd00:7::1 fd00:7::2",
        "icmp,orig=(src=10.0.0.1,dst=10.0.0.2,id=17,type=8,code=0),reply=(src=10.0.0.2,"
            + "dst=10.0.0.1,id=17,type=0,code=0),zone=18~18 1/8.0 10.0.0.1 10.0.0.2",
        "icmpv6,orig=(src=fd00:7::1,dst=fd00:7::2,id=1,type=128,code=0),reply=(src=fd00:7::2,"
            + "dst=fd00:7::1,id=1,type=129,code=0),zone=18~18 58/128.0 fd00:7::1 fd00:7::2",
        "sctp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=9,dport=10),reply=(src=10.0.0.2,"
            + "dst=10.0.0.1,sport=10,dport=9),zone=18,protoinfo=(state=CLOSED,vtag_orig=1,"
            + "vtag_reply=2)~18 132/9>10 10.0.0.1 10.0.0.2",
        "47,orig=(src=10.0.0.1,dst=10.0.0.2,sport=0,dport=0),reply=(src=10.0.0.2,dst=10.0.0.1,"
            + "sport=0,dport=0),zone=18~18 47 10.0.0.1 10.0.0.2",
        "tcp,orig=(src=1.1.1.1,dst=2.2.2.2,sport=1,dport=2,packets=6,bytes=484),"
            + "reply=(src=2.2.2.2,dst=1.1.1.1,sport=2,dport=1,packets=4,bytes=300),start=x,"
            + "id=3721,zone=7,status=SEEN_REPLY|ASSURED,timeout=431996"
            + "~7 6/1>2 1.1.1.1 2.2.2.2",
        "tcp,orig=(src=1.1.1.1,dst=2.2.2.2,sport=1,dport=2),reply=(src=2.2.2.2,dst=1.1.1.1,"
            + "sport=2,dport=1)~0 6/1>2 1.1.1.1 2.2.2.2",
      })
  void aLineIsRead(String line, String expected) {
    TrackedConnection read = ConnectionLine.parse(line).orElseThrow();
    assertThat(
            "%d %s %s %s"
                .formatted(read.zone(), text(read.transport()), read.source(), read.destination()))
        .isEqualTo(expected);
  }

  private static String text(Transport transport) {
    if (transport instanceof Transport.Ports ports) {
      return "%d/%d>%d".formatted(ports.protocol(), ports.source(), ports.destination());
    }
    return transport instanceof Transport.Icmp icmp
        ? "%d/%d.%d".formatted(icmp.protocol(), icmp.type(), icmp.code())
        : Integer.toString(transport.protocol());
  }

  @Test
  void whatIsNoConnectionIsPassedOver() {
    for (String line :
        new String[] {
          "",
          ",",
          "tcp",
          "2023-01-01 | warn",
          "tcp,orig=(),zone=18",
          "tcp,orig=(src=10.0.0.1,dst=10.0.0",
          "tcp,orig=(src=10.0.0.1,dst=x,sport=1,dport=2),zone=18",
          "tcp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=99999999999,dport=2),zone=18",
          "999999,orig=(src=10.0.0.1,dst=10.0.0.2)",
        }) {
      assertThat(ConnectionLine.parse(line)).as(line).isEmpty();
    }
  }

  @Test
  void damagedLinesNeverCrashTheReader() {
    Random random = new Random(18);
    int read = 0;
    for (int round = 0; round < 50_000; round++) {
      StringBuilder line = new StringBuilder(TCP);
      for (int i = random.nextInt(4); i > 0; i--) {
        line.setCharAt(random.nextInt(line.length()), (char) (' ' + random.nextInt(95)));
      }
      line.setLength(random.nextInt(3) == 0 ? random.nextInt(line.length()) : line.length());
      read += ConnectionLine.parse(line.toString()).isPresent() ? 1 : 0;
    }
    assertThat(read).isGreaterThan(10_000);
  }
}
