package io.fynbos.agent.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fynbos.agent.keeper.KeptFlows.DamagedFile;
import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.Bucket;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.GroupEntry;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Mod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFlowsTest {
  private static final long CONTROLLERS = 1L << 56;
  private static final long AGENTS = 2L << 56;

  private static final FlowEntry ADMISSION =
      flow(Match.builder().inPort(5).build(), CONTROLLERS, Instruction.gotoTable(5));
  private static final FlowEntry DELIVERY =
      flow(Match.builder().reg(3, 5).build(), CONTROLLERS, Instruction.apply(Action.output(5)));
  private static final FlowEntry BY_PORT =
      flow(Match.builder().reg(0, 7).build(), CONTROLLERS, Instruction.apply(Action.output(5)));
  private static final FlowEntry ROUTE =
      flow(Match.builder().reg(1, 9).build(), CONTROLLERS, Instruction.gotoTable(50));
  private static final GroupEntry GROUP = GroupEntry.select(1, Bucket.of(1, 1, Action.output(5)));
  private static final KeptFlows KEPT =
      new KeptFlows(
          new TreeMap<>(Map.of(5, "tap1 a", 6, "tap2 b")),
          List.of(GROUP),
          List.of(ADMISSION, DELIVERY, BY_PORT, ROUTE));

  @Test
  void whatIsWrittenIsRead() throws DamagedFile {
    assertThat(KeptFlows.decode(KEPT.encode())).isEqualTo(KEPT);
    assertThat(KeptFlows.decode(KeptFlows.NONE.encode())).isEqualTo(KeptFlows.NONE);
  }

  @Test
  void theAgentsOwnFlowsAndThoseThatExpireAreNotKept() {
    FlowEntry own = flow(Match.ANY, AGENTS | 60, Instruction.gotoTable(70));
    FlowEntry learned = new FlowEntry(0, 1, Match.ANY, CONTROLLERS, List.of(), 5, 0, 0, 0);
    FlowEntry foreign = flow(Match.builder().reg(2, 1).build(), 0, Instruction.gotoTable(70));
    List<FlowStats> stats = new ArrayList<>();
    for (FlowEntry flow : List.of(own, learned, foreign, ROUTE)) {
      stats.add(new FlowStats(flow, 1, 2, Duration.ZERO, Duration.ZERO));
    }
    assertThat(KeptFlows.of(new TreeMap<>(), List.of(), stats).flows())
        .containsExactly(foreign, ROUTE);
  }

  @Test
  void groupsComeBackBeforeTheFlowsThatUseThem() {
    assertThat(KEPT.restoration(KEPT.owners()))
        .containsExactly(
            new Mod.GroupAdd(GROUP),
            new Mod.FlowAdd(ADMISSION),
            new Mod.FlowAdd(DELIVERY),
            new Mod.FlowAdd(BY_PORT),
            new Mod.FlowAdd(ROUTE));
  }

  @Test
  void flowsOfAPortThatIsGoneOrSomeoneElsesStayOut() {
    for (var now :
        List.of(Map.of(6, "tap2 b"), Map.of(5, "tap1 c", 6, "tap2 b"), Map.of(5, "tap2 b"))) {
      assertThat(KEPT.restoration(new TreeMap<>(now)))
          .containsExactly(new Mod.GroupAdd(GROUP), new Mod.FlowAdd(ROUTE));
    }
  }

  @Test
  void aPortThatWasNotThereBeforeGetsNoFlowsEither() {
    KeptFlows without = new KeptFlows(new TreeMap<>(), List.of(), KEPT.flows());
    assertThat(without.restoration(new TreeMap<>(Map.of(5, "tap9 z"))))
        .containsExactly(new Mod.FlowAdd(ROUTE));
  }

  @Test
  void anyDamageIsSeen() {
    byte[] bytes = KEPT.encode();
    Random random = new Random(32);
    for (int round = 0; round < 2_000; round++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> KeptFlows.decode(damaged)).isInstanceOf(DamagedFile.class);
    }
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> KeptFlows.decode(cut)).isInstanceOf(DamagedFile.class);
    }
  }

  @Test
  void theFileIsReplacedWholeAndForItsOwnerOnly(@TempDir Path directory) throws Exception {
    FlowFile file = new FlowFile(directory.resolve("new"));
    assertThat(file.read()).isEmpty();
    file.write(KeptFlows.NONE.encode());
    file.write(KEPT.encode());
    assertThat(file.read()).contains(KEPT);
    Path written = directory.resolve("new/flows");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written)))
        .isEqualTo("rw-------");
    Files.writeString(directory.resolve("new/flows.new"), "half a write, from before a crash");
    file.write(KEPT.encode());
    assertThat(file.read()).contains(KEPT);
    assertThat(directory.resolve("new")).isDirectoryNotContaining("glob:**.new");
  }

  private static FlowEntry flow(Match match, long cookie, Instruction instruction) {
    return FlowEntry.of(0, 100, match, cookie, instruction);
  }
}
