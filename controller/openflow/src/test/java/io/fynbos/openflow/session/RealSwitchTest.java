package io.fynbos.openflow.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.Bucket;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.GroupEntry;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.MeterEntry;
import io.fynbos.openflow.wire.MeterStats;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.PortStatus;
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
import org.junit.jupiter.api.AfterEach;
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

  private static final FlowEntry GOOD =
      FlowEntry.of(1, 10, Match.builder().inPort(1).build(), 5, Instruction.gotoTable(2));

  /** Open vSwitch wants a tracked, valid packet before it matches the original tuple. */
  private static final FlowEntry BAD =
      FlowEntry.of(1, 11, Match.builder().ethType(0x800).with(OxmField.CT_NW_SRC, 1).build(), 6);

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

  @AfterEach
  void empty() {
    session
        .bundle(
            List.of(
                new Mod.FlowDelete(Mod.TABLE_ALL, Match.ANY, 0, 0),
                new Mod.GroupDelete(GroupEntry.ALL)))
        .join();
    assertThat(session.flows().join()).isEmpty();
    assertThat(session.groups().join()).isEmpty();
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
    session.bundle(mods).join();
    List<FlowStats> back = session.flows(9).join();
    assertThat(back.stream().map(FlowStats::flow)).containsExactlyInAnyOrderElementsOf(flows);
  }

  @Test
  void whatOvsOfctlInstalledReadsBackAsItDumpsIt() throws IOException {
    String target = "unix:" + ovs.management();
    ovs.ofctl("add-group", target, "group_id=7,type=all,bucket=output:1");
    ovs.ofctl("add-meter", target, "meter=3,pktps,burst,band=type=drop,rate=100,burst_size=10");
    ovs.ofctl("add-flows", target, resource("flows.txt"));
    List<String> dumped = dump(target);
    List<FlowEntry> back = session.flows().join().stream().map(FlowStats::flow).toList();
    assertThat(known(back.stream().map(FlowEntry::toString)))
        .containsExactlyElementsOf(
            known(dumped.stream().filter(line -> UNKNOWN.stream().noneMatch(line::contains))));

    List<Mod> again = new ArrayList<>();
    again.add(new Mod.FlowDelete(Mod.TABLE_ALL, Match.ANY, 0, 0));
    back.forEach(flow -> again.add(new Mod.FlowAdd(flow)));
    session.bundle(again).join();
    assertThat(dump(target)).containsExactlyElementsOf(dumped);
    assertThat(session.flows().join().stream().map(FlowStats::flow))
        .containsExactlyInAnyOrderElementsOf(back);
  }

  private static String resource(String name) throws IOException {
    Path file = directory.resolve(name);
    try (InputStream resource = RealSwitchTest.class.getResourceAsStream("../" + name)) {
      Files.copy(resource, file);
    }
    return file.toString();
  }

  private static List<String> known(Stream<String> flows) {
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

  @Test
  void groupsReadBackAsOvsOfctlDumpsThemAndGoBackInABundle() throws IOException {
    String target = "unix:" + ovs.management();
    ovs.ofctl("add-groups", target, resource("groups.txt"));
    List<GroupEntry> groups = session.groups().join();
    List<String> dumped =
        ovs.ofctl("dump-groups", target)
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("group_id"))
            .toList();
    assertThat(groups).extracting(GroupEntry::toString).containsExactlyInAnyOrderElementsOf(dumped);

    List<Mod> again = new ArrayList<>(List.of(new Mod.GroupDelete(GroupEntry.ALL)));
    // A bucket that watches a group needs it to be there.
    groups.stream().sorted().forEach(group -> again.add(new Mod.GroupAdd(group)));
    session.bundle(again).join();
    assertThat(session.groups().join()).containsExactlyInAnyOrderElementsOf(groups);
  }

  @Test
  void flowsAndTheirGroupsGoTogether() {
    GroupEntry group =
        GroupEntry.select(
            70,
            Bucket.watching(1, 100, 1, Action.output(1)),
            Bucket.watching(2, 100, 2, Action.output(2)));
    FlowEntry flow = FlowEntry.of(7, 1, Match.ANY, 0, Instruction.apply(new Action.Group(70)));
    session.bundle(List.of(new Mod.GroupAdd(group), new Mod.FlowAdd(flow))).join();
    assertThat(session.groups().join()).containsExactly(group);

    GroupEntry smaller = GroupEntry.select(70, Bucket.of(2, 1, Action.output(2)));
    session
        .bundle(List.of(new Mod.GroupModify(smaller), new Mod.FlowDeleteStrict(flow.key())))
        .join();
    assertThat(session.groups().join()).containsExactly(smaller);
    assertThat(session.flows(7).join()).isEmpty();
  }

  @Test
  void aBundleWithOneBadChangeNamesItAndChangesNothing() {
    List<Mod> mods = List.of(new Mod.FlowAdd(GOOD), new Mod.FlowAdd(BAD));
    Throwable failure = catchThrowable(() -> session.bundle(mods).join());
    assertThat(failure.getCause()).isInstanceOf(OpenFlowRefused.class);
    assertThat(refusal(failure).mod()).contains(new Mod.FlowAdd(BAD));
    assertThat(failure).hasMessageContaining("ct_nw_src=0.0.0.1");
    assertThat(session.flows().join()).isEmpty();
  }

  @Test
  void aChangeThatFailsOnlyAtCommitIsNamedToo() {
    FlowEntry orphan = FlowEntry.of(1, 12, Match.ANY, 0, Instruction.apply(new Action.Group(4711)));
    List<Mod> mods = List.of(new Mod.FlowAdd(GOOD), new Mod.FlowAdd(orphan));
    Throwable failure = catchThrowable(() -> session.bundle(mods).join());
    assertThat(refusal(failure).mod()).contains(new Mod.FlowAdd(orphan));
    assertThat(session.flows().join()).isEmpty();
  }

  @Test
  void bundlesSentAtOnceAllTakeEffectInOrder() {
    var first = session.bundle(List.of(new Mod.FlowAdd(GOOD)));
    var refused = session.bundle(List.of(new Mod.FlowAdd(BAD)));
    FlowEntry other = FlowEntry.of(1, 10, GOOD.match(), 9);
    var last = session.bundle(List.of(new Mod.FlowAdd(other)));
    first.join();
    assertThat(catchThrowable(refused::join)).hasCauseInstanceOf(OpenFlowRefused.class);
    last.join();
    assertThat(session.flows(1).join()).extracting(FlowStats::flow).containsExactly(other);
  }

  @Test
  void aRefusedChangeThatNobodyWaitsForIsTold() {
    session.send(new Mod.FlowAdd(GOOD));
    session.send(new Mod.FlowAdd(BAD));
    session.barrier().join();
    assertThat(Listening.next(listening.refused).mod()).contains(new Mod.FlowAdd(BAD));
    assertThat(session.flows(1).join()).extracting(FlowStats::flow).containsExactly(GOOD);
  }

  @Test
  void modifyingKeepsTheFlowAndDeletingByCookieSparesOthers() {
    FlowEntry other = FlowEntry.of(1, 20, Match.ANY, 0x0200000000000001L);
    session.bundle(List.of(new Mod.FlowAdd(GOOD), new Mod.FlowAdd(other))).join();
    FlowEntry changed = FlowEntry.of(1, 10, GOOD.match(), 5, Instruction.gotoTable(3));
    session
        .bundle(
            List.of(
                new Mod.FlowModifyStrict(changed),
                new Mod.FlowDelete(1, Match.ANY, 0x0200000000000000L, 0xff00000000000000L)))
        .join();
    assertThat(session.flows(1).join()).extracting(FlowStats::flow).containsExactly(changed);
  }

  @Test
  void metersAreSetReadBackAndDeleted() {
    MeterEntry meter = MeterEntry.packetsPerSecond(9, 100, 20);
    session.send(new Mod.MeterAdd(meter));
    assertThat(session.meters().join()).contains(meter);
    MeterEntry slower = MeterEntry.packetsPerSecond(9, 50, 20);
    session.send(new Mod.MeterModify(slower));
    assertThat(session.meters().join()).contains(slower).doesNotContain(meter);
    assertThat(session.meterStats(9).join())
        .containsExactly(new MeterStats(9, 0, 0, List.of(new MeterStats.Band(0, 0))));
    session.send(new Mod.MeterDelete(9));
    assertThat(session.meters().join()).doesNotContain(slower);
    assertThat(catchThrowable(() -> session.meterStats(9).join()))
        .hasCauseInstanceOf(OpenFlowRefused.class);
  }

  @Test
  void aRoleIsGivenAndAStaleOneRefused() {
    session.role(Role.MASTER, 10).join();
    assertThat(catchThrowable(() -> session.role(Role.MASTER, 9).join()))
        .hasCauseInstanceOf(OpenFlowRefused.class)
        .hasMessageContaining("role MASTER of generation 9");
    session.role(Role.EQUAL, 10).join();
  }

  @Test
  void aPortThatComesAndGoesIsTold() {
    listening.ports.clear();
    ovs.vsctl("add-port br0 q1 -- set interface q1 type=dummy ofport_request=77");
    PortStatus added = Listening.next(listening.ports);
    assertThat(added.port().name()).isEqualTo("q1");
    assertThat(added.port().number()).isEqualTo(77);
    ovs.vsctl("del-port br0 q1");
    PortStatus status = Listening.next(listening.ports);
    while (status.change() != PortStatus.Change.DELETED) {
      status = Listening.next(listening.ports);
    }
    assertThat(status.port().name()).isEqualTo("q1");
  }

  private static OpenFlowRefused refusal(Throwable failure) {
    if (failure.getCause() instanceof OpenFlowRefused refused) {
      return refused;
    }
    throw new AssertionError("not a refusal", failure);
  }
}
