package io.fynbos.labs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BenchCommandsTest {

  @Test
  void aSizeThatIsNotMeasuredIsRefusedWithTheSizesThatAre() {
    assertThat(errorsOf("bench", "ovn", "--endpoints", "100,50"))
        .isEqualTo("fynbos lab: 50 endpoints: between 100 and 10000 are measured\n");
  }

  @Test
  void aBenchmarkThatDoesNotExistIsRefusedWithThoseThatDo() {
    assertThat(errorsOf("bench", "jmh", "NoSuch"))
        .contains("no benchmark's name contains 'NoSuch'; there are: FullCompute.state, ");
  }

  private static String errorsOf(String... arguments) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        LabMain.run(
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(errors, true, StandardCharsets.UTF_8),
            arguments);
    assertThat(status).isEqualTo(1);
    return errors.toString(StandardCharsets.UTF_8);
  }
}
