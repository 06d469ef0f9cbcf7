package io.fynbos.labs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultTableTest {

  @Test
  void oneGoalThatWasMissedIsEnough() {
    ResultTable table = new ResultTable(List.of("what", "goal"));
    table.row(Optional.of(true), "speed", "≥ 1");
    table.row(Optional.empty(), "weight", "");
    assertThat(table.reached()).isTrue();
    table.row(Optional.of(false), "height", "≤ 2");
    assertThat(table.reached()).isFalse();
  }

  @Test
  void aRowSaysWhetherItsGoalWasReached() {
    ResultTable table = new ResultTable(List.of("what", "goal"));
    table.row(Optional.of(false), "height", "≤ 2");
    table.row(Optional.empty(), "weight", "");
    assertThat(table.markdown())
        .isEqualTo(
            """
            | what | goal | reached |
            |---|---|---|
            | height | ≤ 2 | **no** |
            | weight |  |  |
            """);
  }

  @Test
  void aRowHasACellForEachColumn() {
    ResultTable table = new ResultTable(List.of("what", "goal"));
    assertThatThrownBy(() -> table.row(Optional.empty(), "alone"))
        .hasMessage("1 cells for 2 columns");
  }
}
