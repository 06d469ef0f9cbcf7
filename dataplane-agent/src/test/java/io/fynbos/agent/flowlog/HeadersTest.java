package io.fynbos.agent.flowlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.agent.support.Frames;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadersTest {
  private static final String ETHERNET = "0e0000000001020000000007";
  private static final String V4 = ETHERNET + "0800";
  private static final String V6 = ETHERNET + "86dd";
  private static final String ENDS_V4 = "0a0000010a000002";
  private static final String ENDS_V6 =
      "fd000007000000000000000000000001fd000007000000000000000000000002";

  /** Options, fragments and protocols; what follows the addresses is put after the header's. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "tcp,                      45000028000040004006, '', 9c400050, 6 40000 80",
    "udp,                      45000028000040004011, '', 9c400035, 17 40000 53",
    "sctp,                     45000028000040004084, '', 9c400035, 132 40000 53",
    "icmp echo,                45000028000040004001, '', 0800f7ff, 1 8 0",
    "gre has no ports,         4500002800004000402f, '', 9c400050, 47",
    "icmpv6 in ipv4 is none,   4500002800004000403a, '', 8000f7ff, 58",
    "options before tcp,       46000028000040004006, 94040000, 9c400050, 6 40000 80",
    "a first fragment,         45000028000020004006, '', 9c400050, 6 40000 80",
    "a later fragment,         45000028000020054006, '', 9c400050, 6",
    "ports cut off,            45000028000040004006, '', 9c40, 6",
    "nothing after the header, 45000028000040004006, '', '', 6",
  })
  void ipv4(String name, String header, String options, String payload, String expected) {
    assertThat(text(V4 + header + "0000" + ENDS_V4 + options + payload))
        .isEqualTo("10.0.0.1>10.0.0.2 " + expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "tcp,                         06, '', 9c400050, 6 40000 80",
    "icmpv6 echo,                 3a, '', 8000f7ff, 58 128 0",
    "icmp in ipv6 is none,        01, '', 0800f7ff, 1",
    "no next header,              3b, '', '', 59",
    "hop by hop,                  00, 0600010400000000, 9c400050, 6 40000 80",
    "two options headers,         00, 3c00010400000000110001040000000, 09c400035, 17 40000 53",
    "routing of 24 bytes,         2b, 060200000000000000000000000000000000000000000000, 9c400050, "
        + "6 40000 80",
    "authentication of 24 bytes,  33, 060400000000000000000000000000000000000000000000, 9c400050, "
        + "6 40000 80",
    "a first fragment,            2c, 0600000100000007, 9c400050, 6 40000 80",
    "a later fragment,            2c, 0600000900000007, 9c400050, 6",
    "options in a later fragment, 2c, 3c00000900000007, 9c400050, 60",
  })
  void ipv6(String name, String next, String extensions, String payload, String expected) {
    String header = "600000000040" + next + "40";
    assertThat(text(V6 + header + ENDS_V6 + extensions + payload))
        .isEqualTo("fd00:7::1>fd00:7::2 " + expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "empty,                      ''",
    "half an ethernet header,    0e00000000010200",
    "arp,                        0e00000000010200000000070806000108000604",
    "ipv4 called ipv6,           0e000000000102000000000786dd45000028000040004006",
    "a header of 16 bytes,       0e00000000010200000000070800440000280000400040060000",
    "an extension beyond the end, "
        + "0e000000000102000000000786dd60000000004000400a0000010a0000020a0000010a0000020a000001"
        + "0a0000020a0000010a0000020600",
  })
  void whatIsNoIpOrNotWholeIsNotRead(String name, String frame) {
    assertThat(Headers.read(Frames.bytes(frame))).isEmpty();
  }

  @Test
  void extensionHeadersWithoutEndAreNotFollowed() {
    String header = "6000000000400040" + ENDS_V6;
    assertThat(Headers.read(Frames.bytes(V6 + header + "0000010400000000".repeat(17)))).isEmpty();
  }

  @Test
  void damagedFramesNeverCrashTheReader() {
    Random random = new Random(8200);
    String[] seeds = {
      Frames.TCP_V4,
      Frames.UDP_V6,
      V6 + "600000000040" + "2c40" + ENDS_V6 + "3c00000100000007" + "0600010400000000" + "9c400050",
    };
    int read = 0;
    for (int round = 0; round < 100_000; round++) {
      byte[] frame = Frames.bytes(seeds[random.nextInt(seeds.length)]);
      for (int i = random.nextInt(6); i > 0; i--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
      }
      Optional<Headers> headers = Headers.read(frame);
      read += headers.isPresent() ? 1 : 0;
      headers.ifPresent(
          found -> assertThat(found.first().isPresent()).isEqualTo(found.second().isPresent()));
    }
    assertThat(read).isGreaterThan(30_000);
  }

  private static String text(String frame) {
    Headers headers = Headers.read(Frames.bytes(frame)).orElseThrow();
    StringBuilder text = new StringBuilder();
    text.append(headers.source()).append('>').append(headers.destination());
    text.append(' ').append(headers.protocol());
    headers.first().ifPresent(first -> text.append(' ').append(first));
    headers.second().ifPresent(second -> text.append(' ').append(second));
    return text.toString();
  }
}
