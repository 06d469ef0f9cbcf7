package io.fynbos.labs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.labs.check.Check;
import io.fynbos.labs.net.LinkFrames;
import io.fynbos.labs.net.Segment;
import io.fynbos.labs.net.Sighting;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.traffic.GuestWires;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guests that say they are somebody else, and guests that may be several; everything is allowed.
 */
@Tag("lab")
class SpoofLabTest {
  private static final String SHARED_V4 = "10.0.1.100";
  private static final String SHARED_V6 = "fd00:7::1:100";
  private static final Duration MOVE_LIMIT = Duration.ofSeconds(10);
  private static final String DOCUMENTS =
      """
      {kind: Policy, universe: blue, name: everything, tier: universe, order: 1, rules: [{direction: in, action: allow}, {direction: out, action: allow}]}
      ---
      {kind: Endpoint, universe: blue, name: web1, groups: [web], addresses: [10.0.1.10, "fd00:7::1:10"], allowedAddresses: [10.0.1.100, "fd00:7::1:100"]}
      ---
      {kind: Endpoint, universe: blue, name: web2, groups: [web], addresses: [10.0.1.11, "fd00:7::1:11"], allowedAddresses: [10.0.1.100, "fd00:7::1:100"]}
      ---
      {kind: Endpoint, universe: blue, name: db1, groups: [db], addresses: [10.0.2.10, "fd00:7::2:10"], allowedAddresses: [10.0.2.128/25, "fd00:7::2:8000/113"]}
      """;

  private static final AtomicInteger TOKENS = new AtomicInteger(7_000);
  private static TwoHosts fabric;

  @BeforeAll
  static void up() {
    fabric = TwoHosts.up("spoof");
    fabric.apply(DOCUMENTS);
  }

  @AfterAll
  static void down() {
    fabric.close();
  }

  /** What reaches which guest, by token. */
  private static final class Seen {
    private final Map<Integer, String> guests = new ConcurrentHashMap<>();

    Seen(GuestWires wires) {
      wires.watch(
          (guest, sighting, nanos) -> {
            if (sighting.kind() == Sighting.Kind.PROBE) {
              guests.put(sighting.token(), guest);
            }
          });
    }

    String of(int token) {
      return guests.getOrDefault(token, "nobody");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onlyItsOwnAndItsAllowedAddressesComeThrough(boolean v6) {
    try (GuestWires wires = fabric.wires()) {
      Seen seen = new Seen(wires);
      InetAddress ops1 = fabric.address("ops1", v6);
      Map<String, String> sources =
          v6
              ? Map.of(
                  "fd00:7::1:10",
                  "ops1",
                  SHARED_V6,
                  "ops1",
                  "fd00:7::1:11",
                  "nobody",
                  "fd00:7::1:101",
                  "nobody",
                  "2001:db8::1",
                  "nobody",
                  "::",
                  "nobody",
                  "fe80::1",
                  "nobody")
              : Map.of(
                  "10.0.1.10",
                  "ops1",
                  SHARED_V4,
                  "ops1",
                  "10.0.1.11",
                  "nobody",
                  "10.0.1.101",
                  "nobody",
                  "8.8.8.8",
                  "nobody",
                  "0.0.0.0",
                  "nobody",
                  "169.254.1.1",
                  "nobody");
      Map<Integer, String> sent = new ConcurrentHashMap<>();
      sources.forEach(
          (source, arrives) -> {
            int token = TOKENS.incrementAndGet();
            sent.put(token, source + " " + arrives);
            wires.send("web1", segment(token).packet(GuestWires.address(source), ops1, token));
          });
      int last = TOKENS.incrementAndGet();
      wires.send("web1", segment(last).packet(fabric.address("web1", v6), ops1, last));
      assertThat(Await.until(() -> seen.of(last).equals("ops1"), TwoHosts.LIMIT)).isTrue();
      assertThat(sent).allSatisfy((token, what) -> assertThat(what).endsWith(" " + seen.of(token)));
    }
  }

  private static Segment segment(int token) {
    return new Segment.Datagram(30_000 + token, 9_999);
  }

  /** A range is one endpoint's: what goes to any address of it arrives there. */
  @ParameterizedTest
  @ValueSource(strings = {"10.0.2.128", "10.0.2.255", "fd00:7::2:8000", "fd00:7::2:ffff"})
  void anAllowedRangeLeadsToItsEndpointAndMaySpeak(String address) {
    InetAddress inside = GuestWires.address(address);
    boolean v6 = inside.getAddress().length == 16;
    try (GuestWires wires = fabric.wires()) {
      Seen seen = new Seen(wires);
      int to = TOKENS.incrementAndGet();
      wires.send("web1", segment(to).packet(fabric.address("web1", v6), inside, to));
      int from = TOKENS.incrementAndGet();
      wires.send("db1", segment(from).packet(inside, fabric.address("web1", v6), from));
      assertThat(Await.until(() -> seen.of(to).equals("db1"), TwoHosts.LIMIT)).isTrue();
      assertThat(Await.until(() -> seen.of(from).equals("web1"), TwoHosts.LIMIT)).isTrue();
    }
  }

  /** VRRP: who announces the address gets its packets, from every host. */
  @ParameterizedTest
  @ValueSource(strings = {SHARED_V4, SHARED_V6})
  void aSharedAddressMovesToWhoAnnouncesItAndToNobodyElse(String text) {
    InetAddress shared = GuestWires.address(text);
    boolean v6 = shared.getAddress().length == 16;
    try (GuestWires wires = fabric.wires()) {
      Seen seen = new Seen(wires);
      for (String owner : List.of("web2", "web1", "web2")) {
        announce(wires, owner, shared);
        for (String client : List.of("ops1", "db1")) {
          assertThat(
                  Await.until(
                      () -> owner(wires, seen, client, v6, shared).equals(owner), MOVE_LIMIT))
              .as("%s asks for %s, announced by %s", client, shared, owner)
              .isTrue();
        }
        announce(wires, "ops1", shared);
        fabric.awaitApplied();
        assertThat(owner(wires, seen, "db1", v6, shared))
            .as("after a stranger's word")
            .isEqualTo(owner);
      }
    }
  }

  private static void announce(GuestWires wires, String guest, InetAddress shared) {
    byte[] mac = wires.macOf(guest);
    wires.sendFrame(
        guest,
        shared.getAddress().length == 16
            ? LinkFrames.advertisement(mac, shared, shared)
            : LinkFrames.arp(LinkFrames.ARP_REQUEST, mac, shared, shared));
  }

  /** Who gets a packet to the address now. */
  private static String owner(
      GuestWires wires, Seen seen, String client, boolean v6, InetAddress shared) {
    int token = TOKENS.incrementAndGet();
    wires.send(client, segment(token).packet(fabric.address(client, v6), shared, token));
    Await.until(() -> !seen.of(token).equals("nobody"), Duration.ofSeconds(1));
    return seen.of(token);
  }

  @Test
  void theCheckCoversAllowedAddresses() {
    assertThat(Check.of(fabric.lab()).differences()).isEmpty();
  }

  @Test
  void nobodyHearsAnothersArpNeighbourOrRouterAdvertisementsOrDhcpServer() {
    InetAddress web1 = fabric.address("web1", false);
    InetAddress web1v6 = fabric.address("web1", true);
    InetAddress web2 = fabric.address("web2", false);
    InetAddress web2v6 = fabric.address("web2", true);
    InetAddress db1 = fabric.address("db1", false);
    InetAddress link = GuestWires.address("fe80::66:1");
    List<String> heard = new CopyOnWriteArrayList<>();
    try (GuestWires wires = fabric.wires()) {
      byte[] mac = wires.macOf("web1");
      wires.watchFrames(
          (guest, frame) -> {
            if (!guest.equals("web1") && from(frame, mac)) {
              heard.add(guest + " heard " + java.util.HexFormat.of().formatHex(frame));
            }
          });
      Seen seen = new Seen(wires);
      List<byte[]> frames = new ArrayList<>();
      for (InetAddress said : List.of(web1, web2, db1, GuestWires.address("169.254.1.1"))) {
        frames.add(LinkFrames.arp(LinkFrames.ARP_REQUEST, mac, said, web2));
        frames.add(LinkFrames.arp(LinkFrames.ARP_REPLY, mac, said, said));
      }
      for (InetAddress said : List.of(web1v6, web2v6, link, GuestWires.address("fe80::1"))) {
        frames.add(LinkFrames.advertisement(mac, said, said));
        frames.add(LinkFrames.routerAdvertisement(mac, said));
      }
      frames.forEach(frame -> assertThat(wires.sendFrame("web1", frame)).isTrue());
      // A DHCP server's offer, and a router's word, straight to another guest: allowed by all
      // rules.
      int offer = TOKENS.incrementAndGet();
      wires.send("web1", new Segment.Datagram(67, 68).packet(web1, db1, offer));
      int offer6 = TOKENS.incrementAndGet();
      wires.send(
          "web1",
          new Segment.Datagram(547, 546).packet(web1v6, fabric.address("db1", true), offer6));
      int router = TOKENS.incrementAndGet();
      wires.send(
          "web1",
          new Segment.Icmp(Segment.ICMPV6, 134, 0)
              .packet(web1v6, fabric.address("db1", true), router));
      int last = TOKENS.incrementAndGet();
      wires.send("web1", segment(last).packet(web1, db1, last));
      assertThat(Await.until(() -> seen.of(last).equals("db1"), TwoHosts.LIMIT)).isTrue();
      assertThat(List.of(seen.of(offer), seen.of(offer6), seen.of(router))).containsOnly("nobody");
      assertThat(heard).isEmpty();
    }
    assertThat(fabric.in("web2", "ip", "-6", "route", "show", "default").output())
        .contains("via fe80::1")
        .doesNotContain("proto ra");
  }

  private static boolean from(byte[] frame, byte[] mac) {
    return frame.length > 12 && Arrays.equals(Arrays.copyOfRange(frame, 6, 12), mac);
  }
}
