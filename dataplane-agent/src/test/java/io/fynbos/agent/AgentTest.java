package io.fynbos.agent;

import static io.fynbos.agent.support.Threads.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.agent.keeper.FlowFile;
import io.fynbos.agent.keeper.KeptFlows;
import io.fynbos.agent.support.AgentHost;
import io.fynbos.agent.support.ControllerPeer;
import io.fynbos.agent.support.PrivateOvs;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Mod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A whole agent against a real Open vSwitch, whose parts and whose controller come and go. */
class AgentTest {
  private static final String WEB1 = "6f1c0000-0000-4000-8000-000000000001";
  private static final String WEB2 = "6f1c0000-0000-4000-8000-000000000002";
  private static final int FLOWS = 40;
  private static final int OWN_FLOWS = 5;

  private final AgentHost host = new AgentHost();
  private final ControllerPeer controller = host.controller();
  private final PrivateOvs ovs = host.ovs();

  @BeforeEach
  void startSwitch() {
    ovs.startDatabase().startSwitch();
  }

  @AfterEach
  void stopAll() {
    host.close();
  }

  @Test
  void anEmptyHostGetsItsBridgeAndAnotherStartChangesNothing() {
    controller.start();
    host.startAgent();
    await(() -> controller.session().isPresent() && controller.listeners() == 1);
    await(() -> flowRestoreWait().equals("\"true\""));
    assertThat(ovs.vsctl("get", "bridge", "br-int", "fail_mode").strip()).isEqualTo("secure");
    assertThat(ovs.vsctl("get", "interface", "fyn-tun", "ofport_request").strip())
        .isEqualTo("65000");
    assertThat(ovs.vsctl("get-controller", "br-int").strip())
        .isEqualTo(controller.openFlowTarget());
    assertThat(controller.registrations().get(0).path("datapathId").asText())
        .isEqualTo("%016x".formatted(controller.session().orElseThrow().datapathId()));
    assertThat(ovs.appctl("dpctl/ipf-get-status")).contains("min v4 frag size: 400");

    // The switch writes this down some seconds later; until then it looks like one without flows.
    await(() -> ovs.vsctl("--columns=is_connected", "list", "controller").contains("true"));
    String before = settledConfiguration();
    restartAgent();
    await(() -> controller.registrations().size() == 2 && controller.listeners() > 0);
    assertThat(ovs.vsctl("get", "open", ".", "next_cfg")).isEqualTo(before);
    assertThat(controller.session()).as("the switch's session").isPresent();
  }

  /** The number of the last change of the database, once nobody makes more of them. */
  private String settledConfiguration() {
    AtomicReference<String> last = new AtomicReference<>("");
    Awaitility.await()
        .during(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              String now = ovs.vsctl("get", "open", ".", "next_cfg");
              return now.equals(last.getAndSet(now));
            });
    return ovs.vsctl("get", "open", ".", "next_cfg");
  }

  @Test
  void portsAndBridgesOfOthersAreLeftAlone() {
    ovs.vsctl("add-br", "br-other", "--", "set", "bridge", "br-other", "fail_mode=standalone");
    ovs.vsctl("add-br", "br-int", "--", "add-port", "br-int", "mine");
    ovs.vsctl("set", "bridge", "br-int", "other_config:mine=1", "external_ids:x=y");
    ovs.vsctl("set", "open", ".", "other_config:hw-offload=false");
    controller.start();
    host.startAgent();
    await(() -> controller.session().isPresent());
    assertThat(ovs.vsctl("list-ports", "br-int")).contains("mine").contains("fyn-tun");
    assertThat(ovs.vsctl("get", "bridge", "br-int", "other_config")).contains("mine=\"1\"");
    assertThat(ovs.vsctl("get", "bridge", "br-other", "fail_mode")).contains("standalone");
    assertThat(ovs.vsctl("get", "open", ".", "other_config")).contains("hw-offload");
  }

  @Test
  void whatSomebodyElseChangedIsPutRight() {
    controller.start();
    host.startAgent();
    await(() -> controller.session().isPresent());
    ovs.vsctl("set", "bridge", "br-int", "fail_mode=standalone", "protocols=OpenFlow13");
    await(() -> ovs.vsctl("get", "bridge", "br-int", "fail_mode").contains("secure"));
    await(() -> ovs.vsctl("get", "bridge", "br-int", "protocols").contains("OpenFlow15"));
    ovs.vsctl("del-port", "fyn-tun");
    await(() -> ovs.vsctl("list-ports", "br-int").contains("fyn-tun"));
    ovs.vsctl("set-controller", "br-int", "tcp:127.0.0.1:2");
    await(() -> ovs.vsctl("get-controller", "br-int").contains(controller.openFlowTarget()));
    ovs.vsctl("remove", "open", ".", "other_config", "flow-restore-wait");
    await(() -> flowRestoreWait().equals("\"true\""));
    ovs.vsctl("del-br", "br-int");
    await(() -> ovs.vsctl("list-ports", "br-int").contains("fyn-tun"));
    await(() -> ownFlows() == OWN_FLOWS);
  }

  @Test
  void aNewInterfaceIsReportedWithItsPort() {
    controller.start();
    host.startAgent();
    await(() -> controller.listeners() == 1 && !controller.bindings().isEmpty());
    host.attach("tap1", WEB1);
    await(() -> controller.bound().equals(List.of(WEB1 + "=" + host.ofport("tap1"))));
    host.attach("tap2", WEB2);
    await(() -> controller.bound().size() == 2);
    ovs.vsctl("add-port", "br-int", "stranger", "--", "set", "interface", "stranger", "type=dummy");
    ovs.vsctl("del-port", "tap1");
    await(() -> controller.bound().equals(List.of(WEB2 + "=" + host.ofport("tap2"))));
  }

  @Test
  void aControllerThatRefusesOrGoesAwayIsToldWhenItIsBack() {
    controller.start();
    controller.refuse(3);
    host.startAgent();
    await(() -> controller.listeners() == 1 && !controller.bindings().isEmpty());
    controller.stop();
    host.attach("tap1", WEB1);
    controller.start();
    await(() -> controller.bound().equals(List.of(WEB1 + "=" + host.ofport("tap1"))));
    controller.refuse(2);
    host.attach("tap2", WEB2);
    await(() -> controller.bound().size() == 2);
  }

  @Test
  void aRevisionIsReportedAppliedAfterRevalidation() {
    controller.start();
    host.startAgent();
    await(() -> controller.listeners() == 1 && controller.session().isPresent());
    controller.order("revalidate", "{\"revision\": 7}");
    await(() -> controller.applied().contains(7L));
    controller.order("later-invention", "{}");
    controller.order("revalidate", "{\"revision\": 8}");
    await(() -> controller.applied().contains(8L));
  }

  @Test
  void aKilledSwitchHasItsFlowsBackBeforeItMeetsItsController() {
    programmed();
    for (int round = 1; round <= 3; round++) {
      ovs.killSwitch();
      await(() -> controller.session().isEmpty());
      ovs.startSwitch();
      await(() -> controller.session().isPresent());
      assertThat(last(controller.flowsFound())).as("round %s", round).isEqualTo(FLOWS);
    }
    await(() -> flowRestoreWait().equals("\"true\""));
  }

  @Test
  void aKilledSwitchHasItsFlowsBackWithoutAnyController() {
    programmed();
    controller.stop();
    ovs.killSwitch();
    ovs.startSwitch();
    await(() -> flows() == FLOWS);
    await(() -> flowRestoreWait().equals("\"true\""));
    assertThat(ovs.appctl("upcall/show")).as("it forwards").contains("(keys ");
    await(() -> ownFlows() == OWN_FLOWS);
  }

  @Test
  void anAgentThatComesLaterThanTheSwitchPutsTheFlowsBack() {
    programmed();
    host.stopAgent();
    controller.stop();
    ovs.killSwitch();
    ovs.startSwitch();
    await(() -> ovs.answers("upcall/show") && ovs.answers("ofproto/list"));
    assertThat(ovs.appctl("upcall/show")).as("it waits").doesNotContain("(keys ");
    host.startAgent();
    await(() -> flows() == FLOWS);
    await(() -> ovs.appctl("upcall/show").contains("(keys "));
  }

  @Test
  void flowsOfAPortThatHasBecomeSomeoneElsesAreNotPutBack() {
    programmed();
    controller.stop();
    ovs.killSwitch();
    String tap1 = host.ofport("tap1");
    ovs.vsctl("del-port", "tap1");
    ovs.vsctl(
        "add-port",
        "br-int",
        "tap9",
        "--",
        "set",
        "interface",
        "tap9",
        "type=dummy",
        "external_ids:iface-id=" + WEB2,
        "ofport_request=" + tap1);
    ovs.startSwitch();
    await(() -> flows() > 0);
    assertThat(host.ofport("tap9")).isEqualTo(tap1);
    assertThat(ovs.ofctl("dump-flows", "br-int", "in_port=" + tap1)).doesNotContain("actions");
    assertThat(flows()).isEqualTo(FLOWS - 1);
  }

  @Test
  void emptiedTablesOfTheAgentAreFilledAgain() {
    programmed();
    ovs.ofctl("del-flows", "br-int");
    await(() -> ownFlows() == OWN_FLOWS);
  }

  @Test
  void everythingMayRestartInAnyOrder() {
    long seed = 20_261_121;
    Random random = new Random(seed);
    programmed();
    for (int round = 0; round < 12; round++) {
      List<String> steps = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        steps.add(restartOne(random));
      }
      String story = "seed " + seed + " round " + round + " " + steps;
      controller.start();
      host.startAgent();
      await(() -> controller.session().isPresent() && controller.listeners() > 0);
      await(() -> flows() == FLOWS);
      assertThat(controller.flowsFound().subList(1, controller.flowsFound().size()))
          .as(story)
          .allMatch(found -> found == FLOWS);
      await(() -> controller.bound().equals(List.of(WEB1 + "=" + host.ofport("tap1"))));
      long revision = 100L + round;
      controller.order("revalidate", "{\"revision\": " + revision + "}");
      await(() -> controller.applied().contains(revision));
      await(() -> ownFlows() == OWN_FLOWS && flowRestoreWait().equals("\"true\""));
    }
  }

  /** Takes something away; what it was is brought back at once, or by the caller. */
  private String restartOne(Random random) {
    switch (random.nextInt(4)) {
      case 0 -> {
        ovs.killDatabase();
        ovs.startDatabase();
        return "ovsdb-server";
      }
      case 1 -> {
        ovs.killSwitch();
        ovs.startSwitch();
        return "ovs-vswitchd";
      }
      case 2 -> {
        host.stopAgent();
        return "agent";
      }
      default -> {
        controller.stop();
        return "controller";
      }
    }
  }

  /** A host with one guest, programmed by a controller, whose flows are on the agent's disk. */
  private void programmed() {
    controller.start();
    host.startAgent();
    await(() -> controller.session().isPresent() && controller.listeners() == 1);
    host.attach("tap1", WEB1);
    await(() -> !controller.bound().isEmpty());
    List<Mod> mods = new ArrayList<>();
    mods.add(
        new Mod.FlowAdd(flow(Match.builder().inPort(Integer.parseInt(host.ofport("tap1"))), 9)));
    for (int i = 1; i < FLOWS; i++) {
      mods.add(new Mod.FlowAdd(flow(Match.builder().reg(1, i), i)));
    }
    controller.session().orElseThrow().bundle(mods).join();
    controller.order("revalidate", "{\"revision\": 1}");
    await(() -> controller.applied().contains(1L));
    await(() -> host.data().resolve("flows").toFile().exists());
    await(() -> keptFlows() == FLOWS);
  }

  private int keptFlows() {
    try {
      return new FlowFile(host.data()).read().orElseThrow().flows().size();
    } catch (IOException | KeptFlows.DamagedFile e) {
      throw new IllegalStateException(e);
    }
  }

  private static FlowEntry flow(Match.Builder match, int number) {
    long cookie = (1L << 56) | number;
    return FlowEntry.of(0, 100, match.build(), cookie, Instruction.apply(Action.resubmit(9)));
  }

  private void restartAgent() {
    host.stopAgent();
    host.startAgent();
  }

  private String flowRestoreWait() {
    return ovs.vsctl("--if-exists", "get", "open", ".", "other_config:flow-restore-wait").strip();
  }

  private int flows() {
    return count("cookie=0x100000000000000/0xff00000000000000");
  }

  /** The agent's flows that packets visit; those of its scratch table do not count. */
  private int ownFlows() {
    return count("cookie=0x200000000000000/0xff00000000000000")
        - count("cookie=0x200000000000000/0xff00000000000000,table=250");
  }

  private int count(String filter) {
    try {
      String dump = ovs.ofctl("dump-flows", "br-int", filter);
      return (int) dump.lines().filter(line -> line.contains("actions=")).count();
    } catch (IllegalStateException noSwitchNow) {
      return -1;
    }
  }

  private static int last(List<Integer> list) {
    return list.get(list.size() - 1);
  }
}
