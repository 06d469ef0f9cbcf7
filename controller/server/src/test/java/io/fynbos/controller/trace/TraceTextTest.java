package io.fynbos.controller.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is read from the text that a switch traces a packet in. */
class TraceTextTest {
  private static final String TO_A_TUNNEL =
      """
      Flow: tcp,in_port=2,nw_src=10.0.1.10,nw_dst=10.0.2.10,tp_src=40000,tp_dst=5432

      bridge("br-int")
      ----------------
       0. ip,in_port=2, priority 100, cookie 0x104026530219286
          goto_table:43
      43. No match.
          drop
      52. priority 50
          output:65000
           -> output to native tunnel
           -> tunneling to 172.31.0.2 via br-phy

      bridge("br-phy")
      ----------------
       0. priority 0
          NORMAL
           -> forwarding to learned port
          output:3

      Final flow: unchanged
      """;

  @Test
  void theUnderlaysBridgeIsNoPartOfThePipeline() {
    TraceText trace = TraceText.parse(TO_A_TUNNEL);
    assertThat(trace.steps()).extracting(TraceText.Step::table).containsExactly(0, 43, 52);
    assertThat(trace.steps().get(0).cookie()).isEqualTo(0x104026530219286L);
    assertThat(trace.steps().get(1).match()).isEmpty();
    assertThat(trace.ports()).containsExactly(65000);
    assertThat(trace.tunnelled()).isTrue();
    assertThat(trace.delivered()).isFalse();
  }

  @Test
  void whatIsNoTraceIsAnError() {
    assertThat(TraceText.parse("br-int: unknown bridge\n").error())
        .contains("its switch says: br-int: unknown bridge");
    assertThat(TraceText.parse("").error()).isPresent();
  }
}
