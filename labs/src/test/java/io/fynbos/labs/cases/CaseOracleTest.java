package io.fynbos.labs.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the specifications say of every packet of every case, the oracle says too. */
class CaseOracleTest {
  static Stream<Case> cases() {
    return ShippedCases.tables().stream().flatMap(table -> table.cases().stream());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theOracleSaysWhatTheTableSays(Case each) {
    assertThat(each.differencesFromOracle()).isEmpty();
  }

  @Test
  void thereAreCasesOfEverySpecification() {
    List<Integer> counts =
        ShippedCases.specifications().stream().map(table -> table.cases().size()).toList();

    assertThat(counts).hasSize(3).allMatch(count -> count >= 25);
  }

  /** A table of which every packet had one fate would be satisfied by a switch that is off. */
  @Test
  void everyTableHasPacketsThatPassAndPacketsThatDoNot() {
    assertThat(ShippedCases.tables())
        .allSatisfy(
            table ->
                assertThat(
                        table.cases().stream()
                            .flatMap(each -> each.packets().stream())
                            .map(Expected::fate))
                    .contains(
                        io.fynbos.labs.check.Fate.ARRIVES, io.fynbos.labs.check.Fate.VANISHES));
  }
}
