package io.fynbos.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.fynbos.policy.LargeUniverse;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.verdict.End;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.verdict.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reach of a large universe, and of a change to it, in bounded time. */
class LargeReachTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void aThousandEndpointsAHundredGroupsFiveHundredPolicies() {
    Image image = LargeUniverse.image(1, 1000, 100, 500);
    Reach reach = assertTimeoutPreemptively(LIMIT, () -> Reach.of(image, LargeUniverse.NAME));
    List<Way> ways = new ArrayList<>();
    reach.forEachWay(ways::add);
    assertThat(ways).hasSizeGreaterThan(1000);
    for (int i = 0; i < ways.size(); i += ways.size() / 200) {
      Way way = ways.get(i);
      ServiceSet.Range range = way.services().ranges().get(0);
      boolean v6 = way.families() == Families.IPV6;
      Transport inside = transport(range.protocol(), range.last());
      Transport beside = transport(range.protocol(), (range.last() + 1) & 0xffff);
      for (Transport transport : List.of(inside, beside)) {
        Packet packet = new Packet(end(way.from(), v6), end(way.to(), v6), transport);
        assertThat(ReachAgreesTest.opens(Oracle.judge(image, packet)))
            .as("%s, %s", way, packet)
            .isEqualTo(way.services().contains(transport));
      }
    }
  }

  private static End end(Place place, boolean v6) {
    IpAddress address =
        place.addresses().stream()
            .filter(prefix -> prefix.v6() == v6)
            .findFirst()
            .orElseThrow()
            .first();
    return place
        .endpoint()
        .<End>map(ref -> new End.OfEndpoint(ref, address))
        .orElseGet(() -> new End.OfAddress(address));
  }

  private static Transport transport(int protocol, int port) {
    return Service.hasPorts(protocol)
        ? new Transport.Ports(protocol, 50000, port)
        : new Transport.Other(protocol);
  }

  @Test
  void aChangedPolicyIsComparedWhereItApplies() {
    Image before = LargeUniverse.image(1, 1000, 100, 500);
    PolicyRef ref = PolicyRef.of(LargeUniverse.NAME.value(), "p7");
    Image after = before.apply(List.of(new Change.PolicyDeleted(ref)), before.revision().next());
    ReachChange change = assertTimeoutPreemptively(LIMIT, () -> ReachChange.between(before, after));
    assertThat(change.unexamined()).isZero();
    assertThat(change.lost()).isNotEmpty();
  }

  @Test
  void lintReadsItWhole() {
    Image image = LargeUniverse.image(1, 1000, 100, 500);
    Lint lint = assertTimeoutPreemptively(LIMIT, () -> Lint.of(image));
    assertThat(lint.leftOut()).isEmpty();
  }
}
