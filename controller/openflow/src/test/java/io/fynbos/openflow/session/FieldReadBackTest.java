package io.fynbos.openflow.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.Ct;
import io.fynbos.openflow.wire.CtState;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.Oxm;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.Subfield;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Each field, exact and masked, reads back from a real switch as it was sent: what a controller
 * wants and what it reads can be compared as values.
 */
class FieldReadBackTest {
  /** Not for controllers to match, or views of other fields. */
  private static final Set<OxmField> LEFT_OUT =
      EnumSet.of(OxmField.RECIRC_ID, OxmField.PACKET_TYPE, OxmField.ACTSET_OUTPUT);

  /** Open vSwitch takes these whole or not at all. */
  private static final Set<OxmField> NEVER_MASKED =
      EnumSet.of(
          OxmField.CONJ_ID,
          OxmField.IN_PORT,
          OxmField.ETH_TYPE,
          OxmField.VLAN_PCP,
          OxmField.IP_DSCP,
          OxmField.IP_ECN,
          OxmField.IP_PROTO,
          OxmField.IP_TTL,
          OxmField.CT_ZONE,
          OxmField.CT_NW_PROTO,
          OxmField.ICMPV4_TYPE,
          OxmField.ICMPV4_CODE,
          OxmField.ICMPV6_TYPE,
          OxmField.ICMPV6_CODE,
          OxmField.ND_RESERVED,
          OxmField.ND_OPTIONS_TYPE,
          OxmField.ARP_OP,
          OxmField.MPLS_LABEL,
          OxmField.MPLS_TC,
          OxmField.MPLS_BOS,
          OxmField.MPLS_TTL);

  private static final Set<OxmField> READ_ONLY =
      EnumSet.of(OxmField.IP_PROTO, OxmField.IP_FRAG, OxmField.MPLS_BOS);

  /** What a pipeline sets; tracked fields only in the tracker. */
  private static final String SETTABLE =
      "(REG|XREG|XXREG|TUN_|ETH_SRC|ETH_DST|IP_|IPV4|IPV6|ICMP|ARP_|ND_|UDP_|SCTP_|TCP_SRC|TCP_DST"
          + "|PKT_MARK|METADATA|CT_MARK|CT_LABEL|MPLS_).*";

  private static Match.Builder withPrerequisites(OxmField field) {
    Match.Builder match = Match.builder();
    String name = field.name();
    boolean ct = name.startsWith("CT_NW") || name.startsWith("CT_TP") || name.startsWith("CT_IPV6");
    if (ct) {
      match.ctState(CtState.TRK, CtState.INV);
    }
    if (name.startsWith("CT_TP")) {
      match.with(OxmField.CT_NW_PROTO, 6);
    }
    if (name.startsWith("ARP_")) {
      match.ethType(0x0806);
    } else if (name.startsWith("MPLS_")) {
      match.ethType(0x8847);
    } else if (name.startsWith("ND_")) {
      match.ethType(0x86dd).ipProto(58).with(OxmField.ICMPV6_CODE, 0);
      match.with(OxmField.ICMPV6_TYPE, name.equals("ND_TLL") ? 136 : 135);
    } else if (name.startsWith("ICMPV6") || name.startsWith("IPV6") || name.startsWith("CT_IPV6")) {
      match.ethType(0x86dd);
      if (name.startsWith("ICMPV6")) {
        match.ipProto(58);
      }
    } else if (name.startsWith("IP") || name.startsWith("ICMP") || ct) {
      match.ethType(0x0800);
      if (name.startsWith("ICMP")) {
        match.ipProto(1);
      }
    } else if (name.matches("(TCP|UDP|SCTP)_.*")) {
      match.ethType(0x0800);
      match.ipProto(name.startsWith("TCP") ? 6 : name.startsWith("UDP") ? 17 : 132);
    } else if (field == OxmField.VLAN_PCP) {
      match.with(OxmField.VLAN_VID, 0x1000, 0x1000);
    }
    return match;
  }

  private static Oxm exact(OxmField field) {
    if (field.bits() > 64) {
      return Oxm.of(field, 0xfd00000000000000L, 0x1234);
    }
    return switch (field) {
      case ETH_TYPE -> Oxm.of(field, 0x1234);
      case VLAN_VID -> Oxm.of(field, 0x1005);
      case CT_STATE -> Oxm.of(field, CtState.TRK | CtState.NEW);
      default -> Oxm.of(field, 1);
    };
  }

  private static Oxm masked(OxmField field) {
    if (field.bits() > 64) {
      return Oxm.masked(field, 0xfd00L << 48, 0, 0xffffL << 48, 0xff);
    }
    return Oxm.masked(field, -1, field == OxmField.VLAN_VID ? 0x1003 : 1);
  }

  private static FlowEntry matching(int priority, OxmField field, Oxm oxm) {
    return FlowEntry.of(1, priority, withPrerequisites(field).with(oxm).build(), 0);
  }

  @Test
  void everyFieldReadsBackAsItWasSent() {
    List<FlowEntry> flows = new ArrayList<>();
    for (OxmField field : OxmField.values()) {
      if (!LEFT_OUT.contains(field)) {
        flows.add(matching(flows.size(), field, exact(field)));
        if (!NEVER_MASKED.contains(field)) {
          flows.add(matching(flows.size(), field, masked(field)));
        }
      }
    }
    assertReadBack(flows);
  }

  @Test
  void everySetFieldReadsBackAsItWasSent() {
    List<FlowEntry> flows = new ArrayList<>();
    for (OxmField field : OxmField.values()) {
      if (!LEFT_OUT.contains(field)
          && !READ_ONLY.contains(field)
          && field.name().matches(SETTABLE)) {
        flows.add(setting(flows.size(), field, exact(field)));
        if (!NEVER_MASKED.contains(field)) {
          flows.add(setting(flows.size(), field, masked(field)));
        }
      }
    }
    assertReadBack(flows);
  }

  private static FlowEntry setting(int priority, OxmField field, Oxm oxm) {
    Action set = new Action.SetField(oxm);
    boolean tracked = field.name().startsWith("CT_");
    Match.Builder match = tracked ? Match.builder().ethType(0x800) : withPrerequisites(field);
    Action action = tracked ? Ct.commit(Subfield.of(OxmField.REG2, 0, 15), set) : set;
    return FlowEntry.of(1, priority, match.build(), 0, Instruction.apply(action));
  }

  private static void assertReadBack(List<FlowEntry> flows) {
    try (PrivateSwitch ovs = PrivateSwitch.start();
        OpenFlowClient client = new OpenFlowClient()) {
      SwitchSession session = ovs.connect(client, 0, new Listening());
      session.bundle(flows.stream().<Mod>map(Mod.FlowAdd::new).toList()).join();
      assertThat(session.flows(1).join())
          .extracting(FlowStats::flow)
          .containsExactlyInAnyOrderElementsOf(flows);
    }
  }
}
