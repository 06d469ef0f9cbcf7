package io.fynbos.openflow.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.projectfloodlight.openflow.exceptions.OFParseError;
import org.projectfloodlight.openflow.protocol.OFBucket;
import org.projectfloodlight.openflow.protocol.OFFactories;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.OFFlowAdd;
import org.projectfloodlight.openflow.protocol.OFFlowModFlags;
import org.projectfloodlight.openflow.protocol.OFGroupBucket;
import org.projectfloodlight.openflow.protocol.OFGroupType;
import org.projectfloodlight.openflow.protocol.OFMessage;
import org.projectfloodlight.openflow.protocol.OFPortConfig;
import org.projectfloodlight.openflow.protocol.OFPortDesc;
import org.projectfloodlight.openflow.protocol.OFPortReason;
import org.projectfloodlight.openflow.protocol.OFPortState;
import org.projectfloodlight.openflow.protocol.OFVersion;
import org.projectfloodlight.openflow.protocol.action.OFAction;
import org.projectfloodlight.openflow.protocol.match.MatchField;
import org.projectfloodlight.openflow.types.EthType;
import org.projectfloodlight.openflow.types.IPv4Address;
import org.projectfloodlight.openflow.types.IPv4AddressWithMask;
import org.projectfloodlight.openflow.types.IpProtocol;
import org.projectfloodlight.openflow.types.MacAddress;
import org.projectfloodlight.openflow.types.OFGroup;
import org.projectfloodlight.openflow.types.OFPort;
import org.projectfloodlight.openflow.types.TableId;
import org.projectfloodlight.openflow.types.TransportPort;
import org.projectfloodlight.openflow.types.U64;

/** What openflowj can say in OpenFlow 1.5, we read the same; what we say, it reads the same. */
class OpenflowjOracleTest {
  private static final OFFactory OPENFLOWJ = OFFactories.getFactory(OFVersion.OF_15);

  private static OFFlowAdd theirFlow() {
    List<OFAction> actions =
        List.of(
            OPENFLOWJ.actions().setField(OPENFLOWJ.oxms().ethDst(MacAddress.of(0x020000000002L))),
            OPENFLOWJ.actions().decNwTtl(),
            OPENFLOWJ.actions().output(OFPort.of(5), 0),
            OPENFLOWJ.actions().group(OFGroup.of(7)));
    return OPENFLOWJ
        .buildFlowAdd()
        .setXid(3)
        .setTableId(TableId.of(4))
        .setPriority(99)
        .setCookie(U64.of(0x0102030405060708L))
        .setIdleTimeout(5)
        .setHardTimeout(6)
        .setFlags(Set.of(OFFlowModFlags.SEND_FLOW_REM))
        .setOutPort(OFPort.ANY)
        .setOutGroup(OFGroup.ANY)
        .setMatch(
            OPENFLOWJ
                .buildMatch()
                .setExact(MatchField.IN_PORT, OFPort.of(3))
                .setExact(MatchField.ETH_TYPE, EthType.IPv4)
                .setExact(MatchField.IP_PROTO, IpProtocol.TCP)
                .setMasked(MatchField.IPV4_SRC, IPv4AddressWithMask.of("10.0.0.0/24"))
                .setExact(MatchField.IPV4_DST, IPv4Address.of("10.0.0.1"))
                .setExact(MatchField.TCP_DST, TransportPort.of(80))
                .build())
        .setInstructions(
            List.of(
                OPENFLOWJ.instructions().applyActions(actions),
                OPENFLOWJ.instructions().gotoTable(TableId.of(9))))
        .build();
  }

  @Test
  void theirFlowModReadsAsWhatItSays() {
    ByteBuf theirs = Unpooled.buffer();
    theirFlow().writeTo(theirs);
    Mod mod = Mod.decode(theirs);
    assertThat(mod)
        .hasToString(
            "flow add cookie=0x102030405060708, table=4, idle_timeout=5, hard_timeout=6,"
                + " send_flow_rem priority=99,tcp,in_port=3,nw_src=10.0.0.0/24,nw_dst=10.0.0.1,"
                + "tp_dst=80 actions=set_field:02:00:00:00:00:02->eth_dst,dec_ttl,output:5,"
                + "group:7,goto_table:9");
  }

  @Test
  void ourFlowModReadsAsTheirs() throws OFParseError {
    ByteBuf theirs = Unpooled.buffer();
    theirFlow().writeTo(theirs);
    ByteBuf ours = Unpooled.buffer();
    Mod.decode(theirs).encode(3, ours);
    assertThat(OPENFLOWJ.getReader().readFrom(ours).equalsIgnoreXid(theirFlow())).isTrue();
  }

  @Test
  void theirGroupModReadsAsWhatItSays() {
    OFBucket bucket =
        OPENFLOWJ
            .buildBucket()
            .setBucketId(OFGroupBucket.BUCKET_FIRST)
            .setActions(List.of(OPENFLOWJ.actions().output(OFPort.of(2), 0)))
            .build();
    OFMessage group =
        OPENFLOWJ
            .buildGroupAdd()
            .setGroup(OFGroup.of(7))
            .setGroupType(OFGroupType.INDIRECT)
            .setCommandBucketId(OFGroupBucket.BUCKET_ALL)
            .setBuckets(List.of(bucket))
            .build();
    ByteBuf theirs = Unpooled.buffer();
    group.writeTo(theirs);
    assertThat(Mod.decode(theirs))
        .hasToString(
            "group add group_id=7,type=indirect,bucket=bucket_id:4294967293,actions=output:2");
  }

  @Test
  void theirPortStatusReadsAsWhatItSays() {
    OFPortDesc port =
        OPENFLOWJ
            .buildPortDesc()
            .setPortNo(OFPort.of(5))
            .setHwAddr(MacAddress.of(0x020000000005L))
            .setName("p5")
            .setConfig(Set.of(OFPortConfig.PORT_DOWN))
            .setState(Set.of(OFPortState.LIVE))
            .build();
    ByteBuf theirs = Unpooled.buffer();
    OPENFLOWJ
        .buildPortStatus()
        .setReason(OFPortReason.DELETE)
        .setDesc(port)
        .build()
        .writeTo(theirs);
    assertThat(PortStatus.decode(theirs))
        .isEqualTo(
            new PortStatus(
                PortStatus.Change.DELETED,
                new PortDescription(5, "p5", 0x020000000005L, false, true)));
    ByteBuf answer = Unpooled.buffer();
    OPENFLOWJ.buildPortDescStatsReply().setEntries(List.of(port, port)).build().writeTo(answer);
    List<PortDescription> ports = new ArrayList<>();
    PortDescription.decodeReply(answer, ports);
    assertThat(ports).hasSize(2).allSatisfy(read -> assertThat(read.name()).isEqualTo("p5"));
  }

  /** Why ports are read by our own records: see docs/decisions. */
  @Test
  void openflowjThrowsOnAPortPropertyItDoesNotKnowAndWeDoNot() {
    String port =
        "00000005"
            + "0030"
            + "0000"
            + "020000000005"
            + "0000"
            + "70350000000000000000000000000000"
            + "00000000"
            + "00000004"
            + "0009000800000000";
    String status = "060c0040000000000200000000000000" + port;
    assertThat(PortStatus.decode(Hex.bytes(status)).port().name()).isEqualTo("p5");
    assertThatThrownBy(() -> OPENFLOWJ.getReader().readFrom(Hex.bytes(status)))
        .isInstanceOf(OFParseError.class);
  }
}
