package io.fynbos.openflow.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms of actions that Open vSwitch does not use in OpenFlow 1.5, but others may. */
class ActionTest {
  private static Action decode(String hex) {
    ByteBuf in = Hex.bytes(hex);
    List<Action> actions = Actions.decode(in, in.writerIndex());
    assertThat(actions).hasSize(1);
    return actions.get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ffff00180000232000060020000000000001000400012008|move:NXM_NX_REG0[]->NXM_NX_TUN_ID[0..31]",
        "ffff0018000023200007000f000100040000000000000005|load:0x5->NXM_NX_REG0[0..15]",
        "ffff001000002320001200000000 0000|dec_ttl",
        "ffff0010000023200001fff8ff000000|resubmit(,)",
      })
  void olderFormsAreRead(String hex, String text) {
    assertThat(decode(hex.replace(" ", ""))).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    // A length that is not this action's, an experimenter of others, a subtype nobody knows.
    "000000180000000100000000000000000000000000000000",
    "ffff0010000012340000000000000000",
    "ffff001000002320006300000000aabb",
    // A conjunction of one clause, a nat of ports 9-5, a reserved field, a controller for no
    // reason.
    "ffff0010000023200022000100000005",
    "ffff0018000023200024000000010030000900050000 0000",
    "ffff0018000023200007000f000103040000000000000005",
    "ffff0010000023200014ffff00000900",
  })
  void whatIsNotUnderstoodStaysToTheBit(String spaced) {
    String hex = spaced.replace(" ", "");
    Action action = decode(hex);
    assertThat(action).isInstanceOf(Action.Unknown.class);
    assertThat(Hex.of(action::encode)).isEqualTo(hex);
  }

  @ParameterizedTest
  @CsvSource({
    "0000000400000000", // a length that would never move on
    "0000000000000000",
    "0000001000000001", // cut off
    "0000000c00000001ffff0000", // not a multiple of eight
  })
  void aLengthThatLiesIsAFaultOfThePeer(String hex) {
    assertThatThrownBy(() -> decode(hex)).isInstanceOf(OpenFlowFault.class);
  }

  @Test
  void anActionTooLongForItsLengthFieldIsRefusedBeforeItIsSent() {
    Action huge = new Action.Note(Octets.of(new byte[70_000]));
    assertThatThrownBy(() -> Hex.of(huge::encode))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("70016 bytes");
  }
}
