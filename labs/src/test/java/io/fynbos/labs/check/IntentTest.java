package io.fynbos.labs.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.labs.net.Segment;
import io.fynbos.labs.runner.Topologies;
import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.policy.decide.Ids;
import io.fynbos.policy.model.Mac;
import java.util.Random;
import java.util.SortedSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents of two-hosts, as the oracle understands them. */
class IntentTest {
  private static final Topology TOPOLOGY = Topologies.find("two-hosts");
  private static final Intent INTENT = Intent.of(documents(), new SeededIds(new Random(1)));

  @ParameterizedTest(name = "{0} → {1} {2} {3}")
  @CsvSource({
    "web1, 10.0.1.10, db1, 10.0.2.10, 6, 5432, ARRIVES",
    "web1, 10.0.1.10, db1, 10.0.2.10, 6, 5433, VANISHES",
    "web1, fd00:7::1:10, db1, fd00:7::2:10, 6, 8080, ARRIVES",
    "web1, 10.0.1.10, db1, 10.0.2.10, 6, 8042, REJECTED",
    "ops1, 10.0.9.10, web1, 10.0.1.10, 6, 80, VANISHES",
    "ops1, 10.0.9.10, web1, 10.0.1.10, 6, 22, ARRIVES",
    "db1, 10.0.2.10, web1, 10.0.1.10, 17, 514, ARRIVES",
    "db1, 10.0.2.10, web1, 10.0.1.10, 6, 80, VANISHES",
    "web1, 10.0.1.10, web2, 10.0.1.11, 6, 443, ARRIVES",
    "ops1, 10.0.9.10, db1, 10.0.2.10, 6, 23, VANISHES",
    "green-web1, 10.0.1.10, green-db1, 10.0.2.10, 6, 3306, ARRIVES",
    "green-web1, 10.0.1.10, green-db1, 10.0.2.10, 6, 5432, VANISHES",
    "green-web1, 10.0.1.10, green-web2, 10.0.1.12, 17, 4795, ARRIVES",
    "green-db1, 10.0.2.10, green-web1, 10.0.1.10, 6, 80, VANISHES",
    "ops1, 10.0.9.10, db1, 10.0.2.10, 47, 0, ARRIVES",
    "web1, 10.0.1.10, green-db1, 10.0.2.10, 6, 3306, VANISHES"
  })
  void theDocumentsMeanWhatTheirCommentsSay(
      String from,
      String source,
      String to,
      String destination,
      int protocol,
      int port,
      Fate fate) {
    assertThat(
            INTENT.fate(
                guest(from),
                GuestWires.address(source),
                guest(to),
                GuestWires.address(destination),
                new ProbeService(protocol, port, 0),
                40_000))
        .isEqualTo(fate);
  }

  @Test
  void theEdgesOfEveryRangeAreProbedAndOneOfEachKindThatNoPolicyMentions() {
    SortedSet<ProbeService> services = MentionedServices.of(INTENT.policies());
    assertThat(services)
        .contains(
            new ProbeService(Segment.TCP, 7999, 0),
            new ProbeService(Segment.TCP, 8000, 0),
            new ProbeService(Segment.TCP, 8080, 0),
            new ProbeService(Segment.TCP, 8081, 0),
            new ProbeService(Segment.TCP, 31_337, 0),
            new ProbeService(Segment.UDP, 31_337, 0),
            new ProbeService(Segment.SCTP, 3868, 0),
            new ProbeService(Segment.SCTP, 31_337, 0),
            new ProbeService(Segment.ICMP, 8, 0),
            new ProbeService(Segment.ICMP, 8, 1),
            new ProbeService(Segment.ICMP, 13, 0),
            new ProbeService(Segment.ICMPV6, 128, 0),
            new ProbeService(47, 0, 0),
            new ProbeService(253, 0, 0));
  }

  private static Guest guest(String name) {
    return TOPOLOGY.guest(name).orElseThrow();
  }

  private static String documents() {
    return TOPOLOGY.documents().get(0).json();
  }

  private record SeededIds(Random random) implements Ids {
    @Override
    public UUID uuid() {
      return new UUID(random.nextLong(), random.nextLong());
    }

    @Override
    public Mac mac() {
      return new Mac(0x020000000000L | random.nextInt(1 << 24));
    }
  }
}
