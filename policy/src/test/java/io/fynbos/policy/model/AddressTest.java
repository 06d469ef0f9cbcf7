package io.fynbos.policy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  /** RFC 5952 §4 and §5, and both ends of the spaces. */
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0,0.0.0.0",
    "255.255.255.255,255.255.255.255",
    "::,::",
    "0:0:0:0:0:0:0:1,::1",
    "1::,1::",
    "2001:0db8::0001,2001:db8::1",
    "2001:db8:0:0:0:0:2:1,2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1,2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1",
    "2001:DB8::A,2001:db8::a",
    "::ffff:192.0.2.1,::ffff:192.0.2.1",
    "64:ff9b::192.0.2.33,64:ff9b::c000:221",
    "1:2:3:4:5:6:7::,1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8,0:2:3:4:5:6:7:8",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  })
  void addressesAreReadAndPrintedInTheirOneForm(String text, String printed) {
    assertThat(IpAddress.parse(text)).hasToString(printed);
    assertThat(IpAddress.parse(printed)).isEqualTo(IpAddress.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4.",
        ".1.2.3.4",
        "1..2.3",
        "1.2.3.-4",
        "1.2.3.4 ",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "::12345",
        "g::",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1.2.3.4::",
        "::1.2.3",
        "fe80::1%eth0",
        "[::1]",
        "::1/64",
        "1:2:3:4:5:6:7:1.2.3.4",
        ":1",
        "1:",
        "١.2.3.4"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse(text))
        .withMessage("\"%s\" is not an IP address", text);
  }

  @Test
  void randomAddressesAgreeWithTheJdk() throws UnknownHostException {
    Random random = new Random(5);
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = new byte[random.nextInt(3) == 0 ? 4 : 16];
      for (int b = 0; b < bytes.length; b++) {
        bytes[b] = (byte) (random.nextBoolean() ? 0 : random.nextInt(256));
      }
      IpAddress address = IpAddress.ofBytes(bytes);
      assertThat(address.toBytes()).isEqualTo(bytes);
      assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
      boolean mapped = address.toString().startsWith("::ffff:") && address.toString().contains(".");
      if (!mapped) {
        assertThat(InetAddress.getByName(address.toString()).getAddress()).isEqualTo(bytes);
      }
    }
  }

  @Test
  void prefixesKnowTheirEnds() {
    Prefix v4 = Prefix.parse("10.1.2.0/23");
    assertThat(v4.first()).hasToString("10.1.2.0");
    assertThat(v4.last()).hasToString("10.1.3.255");
    assertThat(Prefix.parse("0.0.0.0/0").last()).hasToString("255.255.255.255");
    assertThat(Prefix.parse("fd00:7::/64").last()).hasToString("fd00:7::ffff:ffff:ffff:ffff");
    assertThat(Prefix.parse("fd00::/20").last())
        .hasToString("fd00:fff:ffff:ffff:ffff:ffff:ffff:ffff");
    assertThat(Prefix.parse("::/0").contains(Prefix.parse("fd00::/8"))).isTrue();
    assertThat(Prefix.parse("::/0").contains(Prefix.parse("10.0.0.0/8"))).isFalse();
    assertThat(Prefix.parse("10.0.0.0/8").overlaps(Prefix.parse("0.0.0.0/0"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.0/33 | the length of a prefix of IPv4 is 0 to 32, not 33
          ::/129      | the length of a prefix of IPv6 is 0 to 128, not 129
          10.0.0.0/08 | a prefix is written like 10.0.0.0/16, which "10.0.0.0/08" is not
          10.0.0.0/   | a prefix is written like 10.0.0.0/16, which "10.0.0.0/" is not
          10.0.0.0/-1 | a prefix is written like 10.0.0.0/16, which "10.0.0.0/-1" is not
          10.0.0/24   | "10.0.0" is not an IP address
          fd00::1/64  | fd00::1/64 has host bits set; the prefix would be fd00::/64
          """)
  void whatIsNoPrefixIsRefused(String text, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> Prefix.parse(text)).withMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          192.0.2.0/24 | 192.0.2.128/25             | [192.0.2.0/25]
          192.0.2.0/24 |                            | [192.0.2.0/24]
          192.0.2.0/24 | 192.0.0.0/16               | []
          192.0.2.0/24 | 198.51.100.0/24            | [192.0.2.0/24]
          10.0.0.0/30  | 10.0.0.1/32                | [10.0.0.0/32, 10.0.0.2/31]
          10.0.0.0/30  | 10.0.0.1/32 10.0.0.2/32    | [10.0.0.0/32, 10.0.0.3/32]
          10.0.0.0/30  | 10.0.0.0/31 10.0.0.0/32    | [10.0.0.2/31]
          10.0.0.0/31  | 10.0.0.0/32 10.0.0.1/32    | []
          fd00::/126   | fd00::3/128 10.0.0.0/8     | [fd00::/127, fd00::2/128]
          """)
  void subtractLeavesTheFewestPrefixes(String prefix, String others, String left) {
    List<Prefix> parts = new ArrayList<>();
    if (others != null) {
      for (String other : others.split(" ", -1)) {
        parts.add(Prefix.parse(other));
      }
    }
    assertThat(Prefix.parse(prefix).subtract(parts)).hasToString(left);
  }

  @Test
  void subtractHoldsJustWhatIsLeft() {
    Random random = new Random(6);
    for (int i = 0; i < 300; i++) {
      Prefix whole = Prefix.parse("10.0.0.0/24");
      List<Prefix> parts = new ArrayList<>();
      for (int p = random.nextInt(6); p > 0; p--) {
        int length = 24 + random.nextInt(9);
        long value = 0x0a00_0000L | (random.nextInt(256) & (-1L << (32 - length)));
        parts.add(new Prefix(IpAddress.v4(value), length));
      }
      List<Prefix> left = whole.subtract(parts);
      assertThat(left).isSorted();
      for (int low = 0; low < 256; low++) {
        IpAddress address = IpAddress.v4(0x0a00_0000L + low);
        boolean out = parts.stream().anyMatch(p -> p.contains(address));
        long holders = left.stream().filter(p -> p.contains(address)).count();
        assertThat(holders).as("%s in %s", address, left).isEqualTo(out ? 0 : 1);
      }
    }
  }

  @Test
  void portMasksMatchJustTheRangeAndAreFew() {
    assertThat(PortRange.ALL.masks()).containsExactly(new PortRange.Masked(0, 0));
    assertThat(PortRange.of(22).masks()).containsExactly(new PortRange.Masked(22, 0xffff));
    assertThat(PortRange.parse("8000-8080").masks()).hasSize(3);
    assertThat(PortRange.parse("1-65535").masks()).hasSize(16);
    assertThat(PortRange.parse("1-65534").masks()).hasSize(30);
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      int a = random.nextInt(1 << 16);
      int b = random.nextInt(1 << 16);
      PortRange range = new PortRange(Math.min(a, b), Math.max(a, b));
      Set<Integer> matched = new HashSet<>();
      for (PortRange.Masked masked : range.masks()) {
        for (int port = 0; port <= PortRange.PORT_MAX; port++) {
          if (masked.matches(port)) {
            assertThat(matched.add(port)).isTrue();
          }
        }
      }
      assertThat(matched).hasSize(range.last() - range.first() + 1);
      assertThat(matched).allMatch(range::contains);
    }
  }

  @Test
  void macsAreReadAndPrinted() {
    assertThat(Mac.parse("0E:00:00:00:00:01")).hasToString("0e:00:00:00:00:01");
    assertThat(Mac.parse("01:00:5e:00:00:01").unicast()).isFalse();
    assertThat(Mac.parse("00:00:00:00:00:00").unicast()).isFalse();
    for (String text : List.of("", "02:00:00:00:00", "02-00-00-00-00-01", "0g:00:00:00:00:01")) {
      assertThatIllegalArgumentException().isThrownBy(() -> Mac.parse(text));
    }
  }
}
