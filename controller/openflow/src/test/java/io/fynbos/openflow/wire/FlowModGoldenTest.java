package io.fynbos.openflow.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Flow mods as ovs-ofctl 3.1.0 sends them: {@code flows.hex} holds the bytes that {@code ovs-ofctl
 * -OOpenFlow15 add-flows} sent for {@code flows.txt}, line by line.
 */
class FlowModGoldenTest {
  record Golden(String text, String hex) {
    @Override
    public String toString() {
      return text;
    }

    FlowEntry flow() {
      return ((Mod.FlowAdd) Mod.decode(Hex.bytes(hex))).flow();
    }
  }

  static Stream<Golden> flows() {
    List<String> texts = Hex.lines("flows.txt");
    List<String> bytes = Hex.lines("flows.hex");
    assertThat(texts).hasSameSizeAs(bytes);
    return IntStream.range(0, texts.size()).mapToObj(i -> new Golden(texts.get(i), bytes.get(i)));
  }

  @ParameterizedTest
  @MethodSource("flows")
  void theirBytesReadAsTheirText(Golden golden) {
    String text = golden.flow().toString();
    if (!text.contains("unknown(") && !text.contains("oxm_")) {
      assertThat(text).isEqualTo(golden.text());
    }
  }

  @ParameterizedTest
  @MethodSource("flows")
  void ourBytesReadAsTheSameFlow(Golden golden) {
    FlowEntry flow = golden.flow();
    String ours = Hex.of(out -> new Mod.FlowAdd(flow).encode(2, out));
    assertThat(Mod.decode(Hex.bytes(ours))).isEqualTo(new Mod.FlowAdd(flow));
  }

  @Test
  void ovsReadsOurBytesAsItReadsItsOwn() {
    List<String> theirs = new ArrayList<>();
    List<String> ours = new ArrayList<>();
    flows()
        .forEach(
            golden -> {
              theirs.add(golden.hex());
              ours.add(Hex.of(out -> new Mod.FlowAdd(golden.flow()).encode(2, out)));
            });
    assertThat(Ofctl.print(ours)).containsExactlyElementsOf(Ofctl.print(theirs));
  }

  @Test
  void mostBytesAreTheSameAsTheirs() {
    long same =
        flows()
            .filter(
                golden ->
                    golden
                        .hex()
                        .substring(16)
                        .equals(
                            Hex.of(out -> new Mod.FlowAdd(golden.flow()).encode(2, out))
                                .substring(16)))
            .count();
    // Open vSwitch orders some fields otherwise and sends registers in pairs.
    assertThat(same).isGreaterThan(40);
  }
}
