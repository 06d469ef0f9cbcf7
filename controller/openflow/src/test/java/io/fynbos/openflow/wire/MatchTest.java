package io.fynbos.openflow.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatchTest {
  @Test
  void theOrderInWhichFieldsAreGivenDoesNotMatter() {
    Match one = Match.builder().reg(2, 7).inPort(3).ethType(0x800).ipProto(6).build();
    Match other = Match.builder().ipProto(6).ethType(0x800).inPort(3).reg(2, 7).build();
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one).hasToString("tcp,reg2=0x7,in_port=3");
    assertThat(Hex.of(one::encode)).isEqualTo(Hex.of(other::encode));
  }

  @Test
  void prerequisitesStandBeforeWhatNeedsThem() {
    Match match =
        Match.builder()
            .with(OxmField.CT_NW_SRC, 1)
            .with(OxmField.TCP_DST, 80)
            .ipProto(6)
            .ctState(CtState.TRK, CtState.INV)
            .ethType(0x800)
            .build();
    assertThat(match.fields())
        .extracting(oxm -> ((Oxm.Narrow) oxm).field())
        .containsExactly(
            OxmField.ETH_TYPE,
            OxmField.IP_PROTO,
            OxmField.CT_STATE,
            OxmField.CT_NW_SRC,
            OxmField.TCP_DST);
    assertThat(match).hasToString("ct_state=-inv+trk,ct_nw_src=0.0.0.1,tcp,tp_dst=80");
  }

  @Test
  void registersInPairsAndFoursAreTakenApart() {
    Match pair = Match.of(Oxm.masked(OxmField.XREG1, 0x0000000100000002L, 0xffffffff0000ffffL));
    assertThat(pair).isEqualTo(Match.builder().reg(2, 1).reg(3, 2, 0xffff).build());
    Match four = Match.of(Oxm.masked(OxmField.XXREG1, 5L, 6L, 0xffffffffL, 0xffL));
    assertThat(four).isEqualTo(Match.builder().reg(5, 5).reg(7, 6, 0xff).build());
  }

  @Test
  void aFieldTwiceIsRefused() {
    Match.Builder builder = Match.builder().inPort(1).inPort(2);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a match has in_port=1 and in_port=2");
    assertThatThrownBy(() -> Match.of(Oxm.of(OxmField.XREG0, 1), Oxm.of(OxmField.REG1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFieldTwiceInAMessageIsAFaultOfThePeer() {
    ByteBuf twice = Hex.bytes("0001001480000004000000018000000400000002" + "00000000");
    assertThatThrownBy(() -> Match.decode(twice, 24)).isInstanceOf(OpenFlowFault.class);
  }

  @Test
  void valuesThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> Oxm.of(OxmField.IP_PROTO, 256))
        .hasMessage("nw_proto=0x100/0xff does not fit 8 bits");
    assertThatThrownBy(() -> Oxm.of(OxmField.IPV6_SRC, 1)).hasMessageContaining("128 bits");
    assertThatThrownBy(() -> Oxm.of(OxmField.REG0, 1, 1)).hasMessageContaining("32 bits");
    assertThatThrownBy(() -> Oxm.masked(OxmField.REG0, 0, 0)).hasMessageContaining("fit");
    assertThatThrownBy(() -> Subfield.of(OxmField.REG0, 30, 32)).hasMessageContaining("reg0");
    assertThatThrownBy(() -> Action.load(16, Subfield.of(OxmField.REG0, 0, 3)))
        .hasMessage("0x10 does not fit NXM_NX_REG0[0..3]");
    assertThatThrownBy(() -> OxmField.reg(16)).hasMessage("there is no register 16");
  }

  @Test
  void aMaskOfNoughtMatchesEverythingAndAMaskOfOnesIsNone() {
    assertThat(Match.builder().reg(0, 5, 0).build()).isEqualTo(Match.ANY);
    assertThat(Match.builder().reg(0, 5, -1).build()).isEqualTo(Match.builder().reg(0, 5).build());
    assertThat(Match.ANY.toString()).isEmpty();
  }

  @Test
  void aBitOutsideTheMaskOrAnUnknownFieldStaysAsItCame() {
    for (String oxm : List.of("00010108ff00000000000000", "fffe0203aabbcc", "8000010401020304")) {
      ByteBuf in = Hex.bytes(oxm);
      Oxm read = Oxm.decode(in, in.writerIndex());
      assertThat(read).isInstanceOf(Oxm.Unknown.class);
      assertThat(Hex.of(read::encode)).isEqualTo(oxm);
    }
  }

  @Test
  void ethernetArpAndNiciraHeadersOfOneFieldReadTheSame() {
    ByteBuf nicira = Hex.bytes("00000604" + "0800" + "0000");
    assertThat(Oxm.decode(nicira, nicira.writerIndex())).isInstanceOf(Oxm.Unknown.class);
    ByteBuf plain = Hex.bytes("000006020800");
    assertThat(Oxm.decode(plain, plain.writerIndex())).isEqualTo(Oxm.of(OxmField.ETH_TYPE, 0x800));
  }

  @Test
  void addressesReadAsOvsWritesThem() {
    record Row(long high, long low, String text) {}
    List<Row> rows =
        List.of(
            new Row(0, 0, "::"),
            new Row(0, 1, "::1"),
            new Row(0xfe80000000000000L, 1, "fe80::1"),
            new Row(0xfd00000000000001L, 0x0001000000000000L, "fd00:0:0:1:1::"),
            new Row(0xfd00000100020003L, 0x0004000500060007L, "fd00:1:2:3:4:5:6:7"),
            new Row(0, 0xffff01020304L, "::ffff:1.2.3.4"),
            new Row(0, 0x01020304L, "::1.2.3.4"),
            new Row(0x20010db800000001L, 0x0001000100010001L, "2001:db8:0:1:1:1:1:1"));
    for (Row row : rows) {
      assertThat(OxmText.ipv6(row.high(), row.low())).isEqualTo(row.text());
    }
  }

  @Test
  void flowsSortByTableThenFallingPriority() {
    FlowKey first = new FlowKey(1, 20, Match.ANY);
    FlowKey second = new FlowKey(1, 10, Match.builder().inPort(1).build());
    FlowKey third = new FlowKey(1, 10, Match.builder().inPort(2).build());
    FlowKey fourth = new FlowKey(2, 99, Match.ANY);
    assertThat(List.of(fourth, third, first, second).stream().sorted())
        .containsExactly(first, second, third, fourth);
  }

  @Test
  void instructionsStandInTheOrderTheyAreCarriedOutIn() {
    FlowEntry flow =
        FlowEntry.of(
            0,
            1,
            Match.ANY,
            0,
            Instruction.gotoTable(3),
            new Instruction.WriteMetadata(1, -1),
            Instruction.apply(Action.output(1)),
            Instruction.apply());
    assertThat(flow.actionsText()).isEqualTo("output:1,write_metadata:0x1,goto_table:3");
    ByteBuf out = Unpooled.buffer();
    new Mod.FlowAdd(flow).encode(1, out);
    assertThat(Mod.decode(out)).isEqualTo(new Mod.FlowAdd(flow));
  }
}
