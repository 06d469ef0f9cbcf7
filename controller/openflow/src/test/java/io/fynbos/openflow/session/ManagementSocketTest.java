package io.fynbos.openflow.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.Controller;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.Octets;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.PacketIn;
import io.fynbos.openflow.wire.PacketOut;
import io.fynbos.openflow.wire.Reason;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client on a bridge's management socket, as the agent uses it. */
class ManagementSocketTest {
  private static final int AGENT = 7;

  /** A UDP packet from 10.0.0.1 to 10.0.0.2, port 1 to port 2. */
  private static final Octets FRAME =
      Octets.parse(
          "020000000002020000000001080045000020000000004011"
              + "66cb0a0000010a00000200010002000c000001020304"
              + "000000000000000000000000000000000000");

  private static PrivateSwitch ovs;
  private static OpenFlowClient client;
  private static Listening listening;
  private static SwitchSession session;

  @BeforeAll
  static void connect() {
    ovs = PrivateSwitch.start();
    client = new OpenFlowClient();
    listening = new Listening();
    session = ovs.connect(client, AGENT, listening);
  }

  @AfterAll
  static void stop() {
    if (client != null) {
      client.close();
    }
    if (ovs != null) {
      ovs.close();
    }
  }

  @Test
  void aPacketForTheControllerIdComesWithItsRegistersAndUserdata() {
    FlowEntry flow =
        FlowEntry.of(
            60,
            10,
            Match.builder().ethType(0x800).build(),
            0x0200000000000009L,
            Instruction.apply(
                Action.set(OxmField.REG0, 0x1234), Controller.to(AGENT, Octets.parse("0102"))));
    FlowEntry jump =
        FlowEntry.of(0, 10, Match.builder().inPort(1).build(), 0, Instruction.gotoTable(60));
    session.bundle(List.of(new Mod.FlowAdd(flow), new Mod.FlowAdd(jump))).join();
    ovs.appctl("netdev-dummy/receive", "p1", FRAME.toString());
    PacketIn packet = Listening.next(listening.packets);
    assertThat(packet.inPort()).isEqualTo(1);
    assertThat(packet.table()).isEqualTo(60);
    assertThat(packet.cookie()).isEqualTo(0x0200000000000009L);
    assertThat(packet.reason()).isEqualTo(Reason.ACTION);
    assertThat(packet.userdata()).isEqualTo(Octets.parse("0102"));
    assertThat(packet.value(OxmField.REG0)).isEqualTo(0x1234);
    assertThat(packet.frame()).isEqualTo(FRAME);
    assertThat(packet.totalBytes()).isEqualTo(FRAME.length());
  }

  @Test
  void aPacketForAnotherControllerIdDoesNotCome() {
    FlowEntry other =
        FlowEntry.of(
            0,
            20,
            Match.builder().inPort(2).build(),
            0,
            Instruction.apply(Controller.to(AGENT + 1, Octets.parse("03"))));
    FlowEntry ours =
        FlowEntry.of(
            0,
            20,
            Match.builder().inPort(3).build(),
            0,
            Instruction.apply(Controller.to(AGENT, Octets.parse("04"))));
    session.bundle(List.of(new Mod.FlowAdd(other), new Mod.FlowAdd(ours))).join();
    ovs.appctl("netdev-dummy/receive", "p2", FRAME.toString());
    ovs.appctl("netdev-dummy/receive", "p3", FRAME.toString());
    assertThat(Listening.next(listening.packets).userdata()).isEqualTo(Octets.parse("04"));
  }

  @Test
  void aPacketOutGoesThroughTheTablesWithItsRegisters() {
    FlowEntry seen =
        FlowEntry.of(
            0, 30, Match.builder().reg(5, 99).ethType(0x800).build(), 0, Instruction.apply());
    session.bundle(List.of(new Mod.FlowAdd(seen))).join();
    Match pipeline = Match.builder().inPort(4).reg(5, 99).build();
    session.packetOut(new PacketOut(pipeline, List.of(Action.resubmit(0)), FRAME));
    session.barrier().join();
    FlowStats counted =
        session.flows(0).join().stream()
            .filter(stats -> stats.flow().key().equals(seen.key()))
            .findFirst()
            .orElseThrow();
    assertThat(counted.packets()).isEqualTo(1);
    assertThat(counted.bytes()).isEqualTo(FRAME.length());
  }

  @Test
  void aSocketThatIsNotThereIsSaid() {
    Throwable failure =
        catchThrowable(
            () ->
                client
                    .connect(
                        UnixDomainSocketAddress.of("/tmp/there-is-none.mgmt"),
                        AGENT,
                        SessionLimits.DEFAULT,
                        listening)
                    .join());
    assertThat(failure)
        .hasCauseInstanceOf(SessionEnded.class)
        .hasMessageContaining("/tmp/there-is-none.mgmt");
  }
}
