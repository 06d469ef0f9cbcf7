package io.fynbos.controller.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowKey;
import io.fynbos.policy.model.HostName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each table of the specimen, flow by flow, as a switch would print it. A change to the pipeline is
 * a change to these files, which {@code -Dgolden.update=true} writes anew.
 */
class GoldenFlowsTest {
  private static final Path FILES = Path.of("src/test/resources/golden");
  private static final Pattern PRINTED =
      Pattern.compile("(?:cookie=(\\S+), )?(?:table=(\\d+), )?(.*?) ?actions=(.*)");

  static Stream<Table> tables() {
    return Stream.of(Table.values()).filter(table -> !Table.AGENTS.contains(table));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aTableIsAsItIsWrittenDown(Table table) throws IOException {
    Path file = FILES.resolve("%02d-%s.flows".formatted(table.id(), table.text()));
    List<String> flows =
        flows(Specimen.H1).stream()
            .filter(flow -> flow.table() == table.id())
            .map(FlowEntry::toString)
            .toList();
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(FILES);
      Files.write(file, flows);
    }
    assertThat(flows).as(file.toString()).isEqualTo(Files.readAllLines(file));
  }

  @Test
  void ovsOfctlReadsEveryFlowAsWeMeantIt() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/ovs-ofctl")), "Open vSwitch is not installed");
    for (HostName host : List.of(Specimen.H1, Specimen.H2)) {
      List<FlowEntry> flows = flows(host);
      Path text = Files.createTempFile("fynbos", ".flows");
      Files.write(text, flows.stream().map(FlowEntry::toString).toList());
      Process process =
          new ProcessBuilder("ovs-ofctl", "-OOpenFlow15", "parse-flows", text.toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Files.delete(text);
      assertThat(process.waitFor()).as(output).isZero();
      List<String> read = output.lines().filter(line -> line.startsWith("OFPT_FLOW_MOD")).toList();
      assertThat(read.stream().map(line -> line.replaceFirst(".*ADD ?", "")))
          .containsExactlyElementsOf(flows.stream().map(GoldenFlowsTest::asMod).toList());
    }
  }

  /** A flow as ovs-ofctl prints the message that adds it. */
  private static String asMod(FlowEntry flow) {
    Matcher parts = PRINTED.matcher(flow.toString());
    assertThat(parts.matches()).as(flow.toString()).isTrue();
    String table = parts.group(2) == null ? "" : "table:" + parts.group(2) + " ";
    return "%s%s cookie:%s actions=%s"
        .formatted(table, parts.group(3).strip(), parts.group(1), parts.group(4));
  }

  @Test
  void everyTableHasAMissThatItsRowDeclares() {
    List<FlowEntry> flows = flows(Specimen.H1);
    List<FlowKey> misses = new ArrayList<>();
    for (Table table : Table.values()) {
      flows.stream()
          .filter(flow -> flow.table() == table.id() && flow.match().fields().isEmpty())
          .filter(flow -> flow.priority() == 0)
          .forEach(flow -> misses.add(flow.key()));
      boolean goesOn = misses.removeIf(key -> key.table() == table.id());
      assertThat(goesOn).as(table.text()).isEqualTo(table.miss().isPresent());
    }
  }

  private static List<FlowEntry> flows(HostName host) {
    return EdgeCompiler.full(Specimen.fabric().image(), host).sorted();
  }
}
