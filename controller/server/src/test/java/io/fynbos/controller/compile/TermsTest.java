package io.fynbos.controller.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Oxm;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Service;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services as matches: just what they say, in as few of them as can be. */
class TermsTest {
  private static final int PORTS = 1 << 16;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aListOfPortRangesTakesAsFewPrefixesOfBitsAsThereCanBe(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      // Small ranges close together adjoin and overlap; large ones have all kinds of ends.
      int spread = i % 2 == 0 ? 64 : PORTS;
      int offset = random.nextInt(PORTS - spread + 1);
      List<PortRange> ranges = new ArrayList<>();
      BitSet ports = new BitSet(PORTS);
      for (int r = 1 + random.nextInt(5); r > 0; r--) {
        int first = offset + random.nextInt(spread);
        int last = Math.min(offset + spread - 1, first + random.nextInt(spread / 4));
        ranges.add(new PortRange(first, last));
        ports.set(first, last + 1);
      }
      List<Match> terms = Terms.service(new Service.Ports(Service.TCP, ranges));
      assertThat(matched(terms)).as(ranges.toString()).isEqualTo(ports);
      assertThat(terms).as(ranges.toString()).hasSize(fewest(ports, 0, PORTS));
    }
  }

  /** By trying: all ports of an aligned block in one, or the fewest for each of its halves. */
  private static int fewest(BitSet ports, int from, int size) {
    if (ports.nextSetBit(from) < 0 || ports.nextSetBit(from) >= from + size) {
      return 0;
    }
    return ports.nextClearBit(from) >= from + size
        ? 1
        : fewest(ports, from, size / 2) + fewest(ports, from + size / 2, size / 2);
  }

  private static BitSet matched(List<Match> terms) {
    BitSet matched = new BitSet(PORTS);
    for (Match term : terms) {
      Oxm.Narrow port = (Oxm.Narrow) term.field(OxmField.CT_TP_DST).orElseThrow();
      for (int at = 0; at < PORTS; at++) {
        if ((at & port.mask()) == port.value()) {
          matched.set(at);
        }
      }
    }
    return matched;
  }

  @Test
  void allPortsAreOneMatchOnTheProtocol() {
    for (List<PortRange> ranges : List.of(List.<PortRange>of(), List.of(PortRange.ALL))) {
      List<Match> terms = Terms.service(new Service.Ports(Service.UDP, ranges));
      assertThat(terms).hasSize(1);
      assertThat(terms.get(0).field(OxmField.CT_TP_DST)).isEmpty();
    }
  }

  @Test
  void icmpTypeAndCodeAreMatchedInBothFamilies() {
    // An echo request opens a connection, which the tracker remembers by type and code.
    for (boolean v6 : new boolean[] {false, true}) {
      Match echo = only(v6, v6 ? 128 : 8, 0);
      assertThat(echo.field(OxmField.CT_TP_SRC)).contains(Oxm.of(OxmField.CT_TP_SRC, v6 ? 128 : 8));
      assertThat(echo.field(OxmField.CT_TP_DST)).contains(Oxm.of(OxmField.CT_TP_DST, 0));
    }
    // With a code the tracker takes it for invalid, so without one in the rule it may be either.
    assertThat(only(false, 8, 1).field(OxmField.ICMPV4_CODE))
        .contains(Oxm.of(OxmField.ICMPV4_CODE, 1));
    assertThat(
            Terms.service(
                new Service.Icmp(Service.ICMPV6, OptionalInt.of(128), OptionalInt.empty())))
        .hasSize(2);
    assertThat(only(false, 17, 3).field(OxmField.ICMPV4_TYPE))
        .contains(Oxm.of(OxmField.ICMPV4_TYPE, 17));
    assertThat(only(false, 17, 3).field(OxmField.ICMPV4_CODE))
        .contains(Oxm.of(OxmField.ICMPV4_CODE, 3));
    assertThat(only(true, 144, 1).field(OxmField.ICMPV6_CODE))
        .contains(Oxm.of(OxmField.ICMPV6_CODE, 1));
  }

  private static Match only(boolean v6, int type, int code) {
    List<Match> terms =
        Terms.service(
            new Service.Icmp(
                v6 ? Service.ICMPV6 : Service.ICMP, OptionalInt.of(type), OptionalInt.of(code)));
    assertThat(terms).hasSize(1);
    return terms.get(0);
  }

  @Test
  void aProtocolByNumberIsOneMatch() {
    List<Match> terms = Terms.service(Service.all(47));
    assertThat(terms).hasSize(1);
    assertThat(terms.get(0).field(OxmField.CT_NW_PROTO)).contains(Oxm.of(OxmField.CT_NW_PROTO, 47));
  }
}
