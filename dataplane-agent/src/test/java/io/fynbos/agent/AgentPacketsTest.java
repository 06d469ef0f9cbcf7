package io.fynbos.agent;

import static io.fynbos.agent.support.Threads.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.agent.support.AgentHost;
import io.fynbos.agent.support.Frames;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.Ct;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.Subfield;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the agent makes of real packets in a real switch, and says of what the switch holds. */
class AgentPacketsTest {
  private static final String WEB1 = "6f1c0000-0000-4000-8000-000000000001";
  private static final String WEB2 = "6f1c0000-0000-4000-8000-000000000002";
  private static final int LOG = 63;
  private static final int CLAIM = 64;
  private static final String UDP =
      "in_port(1),eth(src=02:00:00:00:00:07,dst=0e:00:00:00:00:01),eth_type(0x0800),"
          + "ipv4(src=10.0.0.1,dst=10.0.0.2,proto=17,tos=0,ttl=64,frag=no),udp(src=4000,dst=53)";
  private static final Pattern SENT = Pattern.compile("tx pkts=(\\d+)");

  private final AgentHost host = new AgentHost();
  private int tap1;
  private int tap2;

  @BeforeEach
  void start() {
    host.start();
    tap1 = host.plug("tap1", WEB1);
    tap2 = host.plug("tap2", WEB2);
  }

  @AfterEach
  void stop() {
    host.close();
  }

  private void fromTap1(int etherType, Action... actions) {
    Match match = Match.builder().inPort(tap1).ethType(etherType).build();
    FlowEntry flow = FlowEntry.of(0, 100, match, 1L << 56 | etherType, Instruction.apply(actions));
    host.session().bundle(List.of(new Mod.FlowAdd(flow))).join();
  }

  private void logged() {
    fromTap1(
        0x0800,
        Action.set(OxmField.REG2, 18),
        Action.set(OxmField.REG10, 1025),
        Action.set(OxmField.REG13, 1),
        Action.resubmit(LOG),
        Action.output(tap2));
  }

  private List<JsonNode> records() {
    List<JsonNode> records = new ArrayList<>();
    for (JsonNode batch : host.controller().posted("flow-log")) {
      batch.path("records").forEach(records::add);
    }
    return records;
  }

  private int dropped() {
    return host.controller().posted("flow-log").stream()
        .mapToInt(batch -> batch.path("dropped").asInt())
        .sum();
  }

  /** How many packets have left by tap2. */
  private int delivered() {
    Matcher sent = SENT.matcher(host.ovs().ofctl("dump-ports", "br-int", Integer.toString(tap2)));
    return sent.find() ? Integer.parseInt(sent.group(1)) : -1;
  }

  @Test
  void aLoggedPacketIsToldAndGoesOn() {
    logged();
    host.receive("tap1", Frames.TCP_V4, 1);
    await(() -> records().size() == 1);
    JsonNode one = records().get(0);
    assertThat(one.path("universe").asInt()).isEqualTo(18);
    assertThat(one.path("rules").toString()).isEqualTo("[1025]");
    assertThat(one.path("verdict").asText()).isEqualTo("allow");
    assertThat(one.path("source").asText()).isEqualTo("10.0.0.1");
    assertThat(one.path("destinationPort").asInt()).isEqualTo(80);
    assertThat(one.path("direction").asText()).isEqualTo("out");
    await(() -> delivered() == 1);
  }

  @Test
  void theMeterTakesRecordsAndNoPacketsAndWhatItTakesIsCounted() {
    logged();
    host.ovs()
        .ofctl("mod-meter", "br-int", "meter=63,pktps,burst,band=type=drop,rate=10,burst_size=10");
    // A dummy port holds a hundred frames at most and drops what comes besides.
    for (int sent = 50; sent <= 1_000; sent += 50) {
      int due = sent;
      host.receive("tap1", Frames.TCP_V4, 50);
      await(() -> delivered() == due);
    }
    await(() -> records().size() + dropped() == 1_000);
    assertThat(dropped()).isGreaterThan(800);
    assertThat(records()).isNotEmpty();
  }

  @Test
  void recordsOfAnAbsentControllerAreToldWhenItIsBack() {
    logged();
    host.controller().stop();
    host.receive("tap1", Frames.TCP_V4, 30);
    await(() -> delivered() == 30);
    host.controller().start();
    await(() -> records().size() == 30);
    assertThat(dropped()).isZero();
  }

  @Test
  void aGuestThatTakesAnAddressOverIsTold() {
    fromTap1(0x0806, Action.resubmit(CLAIM));
    fromTap1(0x86dd, Action.resubmit(CLAIM));
    host.receive("tap1", Frames.GRATUITOUS_ARP, 3);
    host.receive("tap1", Frames.UNSOLICITED_ADVERTISEMENT, 3);
    await(() -> claims().containsAll(List.of("10.0.0.9", "fd00:7::9")));
    JsonNode first = host.controller().posted("claims").get(0).path("claims").path(0);
    assertThat(first.path("id").asText()).isEqualTo(WEB1);
  }

  private List<String> claims() {
    List<String> addresses = new ArrayList<>();
    for (JsonNode post : host.controller().posted("claims")) {
      post.path("claims").forEach(claim -> addresses.add(claim.path("address").asText()));
    }
    return addresses;
  }

  @Test
  void aTraceOfTheLivingSwitchIsGivenAndLeavesNoTrace() {
    logged();
    String flow = "in_port=" + tap1 + ",tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_dst=80";
    host.controller().order("ask", "{\"id\": 7, \"what\": \"trace\", \"flow\": \"" + flow + "\"}");
    String text = answer(7).path("text").asText();
    assertThat(text).contains("bridge(\"br-int\")", "63. priority 100", "Datapath actions:");
    host.controller().order("ask", "{\"id\": 8, \"what\": \"trace\", \"flow\": \"-generate\"}");
    assertThat(answer(8).path("error").asText()).contains("'-generate' may not be asked");
    host.controller()
        .order("ask", "{\"id\": 9, \"what\": \"trace\", \"flow\": \"tcp,nw_src=1.2.3\"}");
    assertThat(answer(9).path("error").asText()).contains("refused").contains("nw_src");
    assertThat(records()).isEmpty();
  }

  private JsonNode answer(int id) {
    await(() -> !host.controller().posted("answers/" + id).isEmpty());
    return host.controller().posted("answers/" + id).get(0);
  }

  @Test
  void aTraceGoesThroughConnectionTrackingAsAsked() {
    Ct track = Ct.lookup(new Subfield(OxmField.REG2, 0, 16), 10);
    fromTap1(0x0800, Action.set(OxmField.REG2, 18), track);
    String flow = "in_port=" + tap1 + ",tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_dst=80";
    host.controller()
        .order(
            "ask",
            "{\"id\": 1, \"what\": \"trace\", \"flow\": \""
                + flow
                + "\", \"ctNext\": [\"trk,est\"]}");
    assertThat(answer(1).path("text").asText()).contains("ct_state=est|trk");
  }

  @Test
  void theConnectionsOfAUniverseAreGiven() {
    commits(18);
    host.receive("tap1", UDP, 1);
    await(() -> tracked(18) == 1);
    host.controller()
        .order("ask", "{\"id\": 3, \"what\": \"connections\", \"universes\": [17, 18]}");
    assertThat(answer(3).path("connections").toString().replace('"', '\''))
        .isEqualTo(
            "[{'zone':18,'source':'10.0.0.1','destination':'10.0.0.2','protocol':17,"
                + "'sourcePort':4000,'destinationPort':53}]");
    assertThat(answer(3).path("truncated").asBoolean()).isFalse();
  }

  private void commits(int... zones) {
    Ct[] commits =
        Arrays.stream(zones)
            .mapToObj(
                zone ->
                    new Ct(Ct.COMMIT, new Ct.Zone.Fixed(zone), OptionalInt.empty(), 0, List.of()))
            .toArray(Ct[]::new);
    fromTap1(0x0800, commits);
  }

  private long tracked(int zone) {
    return host.ovs()
        .appctl("dpctl/dump-conntrack", "zone=" + zone)
        .lines()
        .filter(line -> line.contains("orig="))
        .count();
  }

  private void applied(int revision, String zones) {
    host.controller()
        .order("revalidate", "{\"revision\": " + revision + ", \"zones\": " + zones + "}");
    await(() -> host.controller().applied().contains((long) revision));
  }

  @Test
  void theConnectionsOfAUniverseThatHasLeftAreGoneBeforeTheRevisionIsReported() {
    applied(1, "[18, 19]");
    commits(17, 18, 19);
    host.receive("tap1", UDP, 1);
    await(() -> tracked(17) == 1 && tracked(18) == 1 && tracked(19) == 1);
    applied(2, "[18, 19]");
    assertThat(tracked(18)).isEqualTo(1);
    applied(3, "[19]");
    assertThat(tracked(18)).isZero();
    assertThat(tracked(19)).isEqualTo(1);
    assertThat(tracked(17)).as("a zone that is none of the agent's").isEqualTo(1);
  }

  @Test
  void anAgentThatWasAwayFlushesWhatHasLeftMeanwhile() {
    applied(1, "[18]");
    commits(18);
    host.receive("tap1", UDP, 1);
    await(() -> tracked(18) == 1);
    host.stopAgent();
    host.startAgent();
    await(() -> host.controller().registrations().size() == 2);
    await(() -> host.controller().listeners() > 0);
    await(
        () -> {
          host.controller().order("revalidate", "{\"revision\": 2, \"zones\": []}");
          return host.controller().applied().contains(2L);
        });
    assertThat(tracked(18)).isZero();
  }

  @Test
  void anOrderThatNamesNoZonesFlushesNothing() {
    applied(1, "[18]");
    commits(18);
    host.receive("tap1", UDP, 1);
    await(() -> tracked(18) == 1);
    host.controller().order("revalidate", "{\"revision\": 2}");
    await(() -> host.controller().applied().contains(2L));
    assertThat(tracked(18)).isEqualTo(1);
  }
}
