package io.fynbos.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.model.PortRange;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.verdict.Transport;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceSetTest {
  /** Reads {@code tcp/22-23}, {@code icmp/8}, {@code icmp/3.4}, {@code udp}, {@code 47}. */
  private static Service service(String text) {
    String[] parts = text.split("/", -1);
    int protocol =
        switch (parts[0]) {
          case "tcp" -> Service.TCP;
          case "udp" -> Service.UDP;
          case "sctp" -> Service.SCTP;
          case "icmp" -> Service.ICMP;
          case "icmpv6" -> Service.ICMPV6;
          default -> Integer.parseInt(parts[0]);
        };
    if (parts.length == 1) {
      return Service.all(protocol);
    }
    if (Service.hasPorts(protocol)) {
      return new Service.Ports(protocol, List.of(PortRange.parse(parts[1])));
    }
    String[] numbers = parts[1].split("\\.", -1);
    OptionalInt code =
        numbers.length > 1 ? OptionalInt.of(Integer.parseInt(numbers[1])) : OptionalInt.empty();
    return new Service.Icmp(protocol, OptionalInt.of(Integer.parseInt(numbers[0])), code);
  }

  private static ServiceSet set(String texts) {
    if (texts.equals("all") || texts.equals("nothing")) {
      return texts.equals("all") ? ServiceSet.ALL : ServiceSet.NONE;
    }
    List<Service> services = new ArrayList<>();
    for (String text : texts.split(" ", -1)) {
      services.add(service(text));
    }
    return ServiceSet.of(services);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing                    | nothing
          all                        | all
          tcp/5432                   | tcp/5432
          tcp/8000-8080              | tcp/8000-8080
          tcp/22 tcp/23-25           | tcp/22-25
          tcp/443 tcp/80             | tcp/80, tcp/443
          tcp                        | tcp
          tcp/0-65535                | tcp
          icmp/8                     | icmp/8
          icmp/3.4                   | icmp/3.4
          icmp/3.4 icmp/3.5          | icmp/3.4-5
          icmp/3.255 icmp/4          | icmp/3.255, icmp/4
          icmp/3 icmp/4 icmp/5.0     | icmp/3-4, icmp/5.0
          icmpv6                     | icmpv6
          47                         | protocol 47
          47 48 49                   | protocols 47-49
          udp/53 tcp/53 sctp         | tcp/53, udp/53, sctp
          """)
  void aSetIsWrittenInFewWords(String services, String words) {
    assertThat(set(services)).hasToString(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          all      | tcp/25         | all except tcp/25
          all      | tcp/25 icmp    | all except icmp, tcp/25
          all      | all            | nothing
          tcp      | tcp/22         | tcp/0-21, tcp/23-65535
          icmp     | icmp/8         | icmp/0-7, icmp/9-255
          icmp     | icmp/8.1       | icmp/0-7, icmp/8.0, icmp/8.2-255, icmp/9-255
          tcp/1-10 | tcp/5-20       | tcp/1-4
          tcp/1-10 | udp            | tcp/1-10
          """)
  void whatIsLeftWithoutSomeServices(String from, String without, String left) {
    assertThat(set(from).subtract(set(without))).hasToString(left);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tcp/1-10        | tcp/5-20  | tcp/5-10
          tcp/1-10 udp/53 | udp       | udp/53
          tcp             | udp       | nothing
          all             | icmp/8    | icmp/8
          47 tcp/22       | 47        | protocol 47
          """)
  void whatTwoHaveInCommon(String one, String other, String common) {
    assertThat(set(one).intersect(set(other))).hasToString(common);
    assertThat(set(other).intersect(set(one))).isEqualTo(set(one).intersect(set(other)));
    assertThat(set(one).intersects(set(other))).isEqualTo(!common.equals("nothing"));
  }

  @Test
  void aProtocolWithoutPortsIsInAsAWhole() {
    assertThat(set("47").contains(new Transport.Other(47))).isTrue();
    assertThat(set("47").contains(new Transport.Other(46))).isFalse();
    assertThat(ServiceSet.ALL.subtract(set("47")).contains(new Transport.Other(47))).isFalse();
  }

  /** The sets of a random few ports, as bits and as intervals, agree after every operation. */
  @Test
  void itIsTheSameAsASetOfBits() {
    Random random = new Random(1);
    for (int round = 0; round < 2000; round++) {
      BitSet bits = new BitSet();
      BitSet others = new BitSet();
      ServiceSet set = ports(random, bits);
      ServiceSet other = ports(random, others);
      BitSet union = (BitSet) bits.clone();
      union.or(others);
      BitSet common = (BitSet) bits.clone();
      common.and(others);
      BitSet left = (BitSet) bits.clone();
      left.andNot(others);
      assertThat(bits(set.union(other))).isEqualTo(union);
      assertThat(bits(set.intersect(other))).isEqualTo(common);
      assertThat(bits(set.subtract(other))).isEqualTo(left);
      assertThat(set.subtract(other).union(set.intersect(other))).isEqualTo(set);
    }
  }

  private static ServiceSet ports(Random random, BitSet bits) {
    ServiceSet set = ServiceSet.NONE;
    for (int i = random.nextInt(6); i > 0; i--) {
      int first = random.nextInt(40);
      int last = first + random.nextInt(10);
      bits.set(first, last + 1);
      set =
          set.union(
              ServiceSet.of(new Service.Ports(Service.TCP, List.of(new PortRange(first, last)))));
    }
    return set;
  }

  private static BitSet bits(ServiceSet set) {
    BitSet bits = new BitSet();
    for (int port = 0; port < 64; port++) {
      bits.set(port, set.contains(new Transport.Ports(Service.TCP, 40000, port)));
    }
    return bits;
  }
}
