package io.fynbos.openflow.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Mod;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server against a real Open vSwitch. */
class RealSwitchTest {
  /** What the flows have of which the records know nothing. */
  private static final List<String> UNKNOWN =
      List.of(
          "fin_timeout",
          "multipath",
          "bundle(",
          "limit=",
          "sample(",
          "set_queue",
          "push_vlan",
          "pop_vlan",
          "output(",
          "0x894f");

  @TempDir private static Path directory;
  private static PrivateSwitch ovs;
  private static OpenFlowServer server;
  private static Listening listening;
  private static SwitchSession session;

  @BeforeAll
  static void connect() {
    ovs = PrivateSwitch.start();
    listening = new Listening();
    server =
        OpenFlowServer.listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            SessionLimits.DEFAULT,
            listening);
    ovs.vsctl("set-controller br0 tcp:127.0.0.1:" + server.address().getPort());
    session = Listening.next(listening.connected);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (ovs != null) {
      ovs.close();
    }
  }

  @Test
  void theSwitchTellsWhoItIs() {
    assertThat(session.datapathId()).isEqualTo(0xab);
    assertThat(session.ports().join()).extracting(port -> port.name()).contains("p1", "p4");
  }

  @Test
  void aHundredThousandFlowsGoInOneBundleAndComeBackEqual() {
    List<Mod> mods = new ArrayList<>();
    List<FlowEntry> flows = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      FlowEntry flow =
          FlowEntry.of(
              9,
              100 + i % 7,
              Match.builder().reg(0, i).reg(2, 17, 0xffff).ethType(0x800).build(),
              0x0100000000000000L | i,
              Instruction.apply(new Action.Conjunction(i, 1, 2)));
      flows.add(flow);
      mods.add(new Mod.FlowAdd(flow));
    }
    long start = System.nanoTime();
    session.bundle(mods).join();
    long installed = System.nanoTime();
    List<FlowStats> back = session.flows(9).join();
    long read = System.nanoTime();
    System.out.printf(
        "bundle of 100000: %d ms, read back: %d ms%n",
        (installed - start) / 1_000_000, (read - installed) / 1_000_000);
    assertThat(back.stream().map(FlowStats::flow)).containsExactlyInAnyOrderElementsOf(flows);
    session.bundle(List.of(new Mod.FlowDelete(9, Match.ANY, 0, 0))).join();
    assertThat(session.flows(9).join()).isEmpty();
  }

  @Test
  void whatOvsOfctlInstalledReadsBackAsItDumpsIt() throws IOException {
    Path flows = directory.resolve("flows.txt");
    try (InputStream resource = RealSwitchTest.class.getResourceAsStream("../flows.txt")) {
      Files.copy(resource, flows);
    }
    String target = "unix:" + ovs.management();
    ovs.ofctl("add-group", target, "group_id=7,type=all,bucket=output:1");
    ovs.ofctl("add-meter", target, "meter=3,pktps,burst,band=type=drop,rate=100,burst_size=10");
    ovs.ofctl("add-flows", target, flows.toString());
    List<String> dumped = dump(target);
    List<FlowEntry> back = session.flows().join().stream().map(FlowStats::flow).toList();
    assertThat(withoutUnknown(back.stream().map(FlowEntry::toString)))
        .containsExactlyElementsOf(
            withoutUnknown(
                dumped.stream().filter(line -> UNKNOWN.stream().noneMatch(line::contains))));

    List<Mod> again = new ArrayList<>();
    again.add(new Mod.FlowDelete(Mod.TABLE_ALL, Match.ANY, 0, 0));
    back.forEach(flow -> again.add(new Mod.FlowAdd(flow)));
    session.bundle(again).join();
    assertThat(dump(target)).containsExactlyElementsOf(dumped);
    assertThat(session.flows().join().stream().map(FlowStats::flow))
        .containsExactlyInAnyOrderElementsOf(back);
    session.bundle(List.of(new Mod.FlowDelete(Mod.TABLE_ALL, Match.ANY, 0, 0))).join();
  }

  private static List<String> withoutUnknown(Stream<String> flows) {
    return flows
        .filter(flow -> !flow.contains("unknown(") && !flow.contains("oxm_"))
        .sorted()
        .toList();
  }

  private static List<String> dump(String target) {
    return ovs.ofctl("--no-stats", "dump-flows", target)
        .lines()
        .map(String::strip)
        .sorted()
        .toList();
  }
}
