package io.fynbos.agent.claim;

import static io.fynbos.agent.support.Threads.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.agent.support.Frames;
import io.fynbos.agent.support.LinkedPeer;
import io.fynbos.openflow.wire.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  private static final UUID VIP1 = UUID.fromString("6f1c0000-0000-4000-8000-000000000001");
  private static final UUID VIP2 = UUID.fromString("6f1c0000-0000-4000-8000-000000000002");

  private final LinkedPeer peer = new LinkedPeer();
  private final AtomicLong nanos = new AtomicLong();
  private final Claims claims =
      new Claims(peer.link(), peer.threads().events(), ClaimsTest::endpointAt, nanos::get);

  @AfterEach
  void stop() {
    peer.close();
  }

  private static Optional<UUID> endpointAt(int port) {
    return switch (port) {
      case 1 -> Optional.of(VIP1);
      case 2 -> Optional.of(VIP2);
      default -> Optional.empty();
    };
  }

  private void says(int port, String frame) {
    claims.packetIn(Frames.packetIn(Match.builder().inPort(port).build(), frame));
  }

  /** Waits until all that was said before has been looked at. */
  private void settled() {
    AtomicLong done = new AtomicLong();
    peer.threads().events().execute(done::incrementAndGet);
    await(() -> done.get() == 1);
  }

  private List<String> told() {
    List<String> told = new ArrayList<>();
    for (JsonNode post : peer.controller().posted("claims")) {
      for (JsonNode claim : post.path("claims")) {
        String id = claim.path("id").asText();
        told.add(id.charAt(id.length() - 1) + " " + claim.path("address").asText());
      }
    }
    return told;
  }

  @Test
  void aClaimIsToldOnceHoweverOftenItIsMade() {
    peer.controller().start();
    peer.start(claims::linkUp);
    says(1, Frames.GRATUITOUS_ARP);
    await(() -> told().equals(List.of("1 10.0.0.9")));
    for (int i = 0; i < 20; i++) {
      says(1, Frames.GRATUITOUS_ARP);
    }
    says(2, Frames.UNSOLICITED_ADVERTISEMENT);
    await(() -> told().contains("2 fd00:7::9"));
    assertThat(told()).containsExactly("1 10.0.0.9", "2 fd00:7::9");
  }

  @Test
  void whatIsClaimedAgainWithinTheHoldIsToldAfterIt() {
    peer.controller().start();
    peer.start(claims::linkUp);
    says(1, Frames.GRATUITOUS_ARP);
    await(() -> claims.told() == 1);
    says(1, Frames.GRATUITOUS_ARP);
    settled();
    nanos.addAndGet(Claims.HOLD.toNanos());
    await(() -> told().equals(List.of("1 10.0.0.9", "1 10.0.0.9")));
  }

  @Test
  void anotherGuestOfTheHostTakesTheAddressOverAtOnce() {
    peer.controller().start();
    peer.start(claims::linkUp);
    says(1, Frames.GRATUITOUS_ARP);
    await(() -> claims.told() == 1);
    says(2, Frames.GRATUITOUS_ARP);
    await(() -> told().equals(List.of("1 10.0.0.9", "2 10.0.0.9")));
  }

  @Test
  void claimsWaitForTheControllerInTheirOrderWithTheirAge() {
    peer.start(claims::linkUp);
    says(1, Frames.GRATUITOUS_ARP);
    settled();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(30));
    says(2, Frames.GRATUITOUS_ARP);
    settled();
    says(2, Frames.UNSOLICITED_ADVERTISEMENT);
    settled();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    peer.controller().start();
    await(() -> told().size() == 3);
    assertThat(told()).containsExactly("1 10.0.0.9", "2 10.0.0.9", "2 fd00:7::9");
    JsonNode post = peer.controller().posted("claims").get(0).path("claims");
    assertThat(post.path(0).path("ageMillis").asLong()).isEqualTo(35_000);
    assertThat(post.path(1).path("ageMillis").asLong()).isEqualTo(5_000);
  }

  @Test
  void aBusyControllerIsAskedAgainAndOneThatRefusesIsNot() {
    peer.controller().start();
    peer.controller().answer("claims", 503);
    peer.start(claims::linkUp);
    says(1, Frames.GRATUITOUS_ARP);
    settled();
    peer.controller().answerAll();
    await(() -> told().size() == 1);
    peer.controller().answer("claims", 400);
    says(2, Frames.GRATUITOUS_ARP);
    settled();
    await(() -> peer.controller().refused("claims") > 0);
    peer.controller().answerAll();
    says(2, Frames.UNSOLICITED_ADVERTISEMENT);
    await(() -> told().size() == 2);
    assertThat(told()).containsExactly("1 10.0.0.9", "2 fd00:7::9");
  }

  @Test
  void aPortWithoutAnEndpointClaimsNothing() {
    peer.controller().start();
    peer.start(claims::linkUp);
    says(3, Frames.GRATUITOUS_ARP);
    says(1, Frames.TCP_V4);
    says(1, Frames.GRATUITOUS_ARP);
    await(() -> claims.told() == 1);
    assertThat(told()).containsExactly("1 10.0.0.9");
  }
}
