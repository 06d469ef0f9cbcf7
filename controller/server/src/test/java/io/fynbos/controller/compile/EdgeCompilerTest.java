package io.fynbos.controller.compile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EdgeCompilerTest {
  @Test
  void aHostThatIsNotInTheImageHasNoFlows() {
    assertThat(EdgeCompiler.full(new Fabric().image(), Specimen.H1)).isEqualTo(SwitchTables.EMPTY);
  }

  @Test
  void theSameImageGivesTheSameFlows() {
    assertThat(EdgeCompiler.full(Specimen.fabric().image(), Specimen.H1))
        .isEqualTo(EdgeCompiler.full(Specimen.fabric().image(), Specimen.H1));
  }
}
