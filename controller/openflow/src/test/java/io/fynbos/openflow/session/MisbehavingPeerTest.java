package io.fynbos.openflow.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Message;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.Octets;
import io.fynbos.openflow.wire.OpenFlowFault;
import io.fynbos.openflow.wire.PacketOut;
import io.fynbos.openflow.wire.PortDescription;
import io.fynbos.openflow.wire.PortStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that break the protocol: their session ends or is slowed, and another does not notice. */
class MisbehavingPeerTest {
  private static final SessionLimits LIMITS =
      new SessionLimits(
          Duration.ofSeconds(3),
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          1 << 18,
          1 << 16,
          64,
          1 << 20,
          256);

  private final Listening listening = new Listening();
  private OpenFlowServer server;
  private RawPeer good;
  private SwitchSession goodSession;

  @BeforeEach
  void aGoodSwitchIsConnected() {
    server =
        OpenFlowServer.listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            LIMITS,
            listening);
    good = RawPeer.greeted(server.address(), 1);
    good.serve();
    goodSession = Listening.next(listening.connected);
  }

  @AfterEach
  void theGoodSwitchNoticedNothing() {
    goodSession.barrier().orTimeout(5, TimeUnit.SECONDS).join();
    assertThat(goodSession.open()).isTrue();
    good.close();
    server.close();
  }

  private SwitchSession sessionOf(RawPeer peer) {
    assertThat(peer).isNotNull();
    return Listening.next(listening.connected);
  }

  @Test
  void aSwitchThatNeverAnswersABarrierIsGivenUp() {
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      SwitchSession session = sessionOf(peer);
      CompletableFuture<Void> barrier = session.barrier();
      CompletableFuture<Void> ignored =
          CompletableFuture.runAsync(
              () -> {
                // Echoes are answered, so that only the barrier is missing.
                while (session.open()) {
                  try {
                    ByteBuf echo = peer.readUntil(Message.ECHO_REQUEST);
                    peer.write(
                        out ->
                            Message.end(
                                out, Message.begin(out, Message.ECHO_REPLY, Message.xid(echo))));
                  } catch (RuntimeException closed) {
                    return;
                  }
                }
              });
      assertThat(catchThrowable(() -> barrier.orTimeout(5, TimeUnit.SECONDS).join()))
          .hasCauseInstanceOf(SessionEnded.class)
          .hasMessageContaining("no answer to a barrier in PT1S");
      assertThat(Listening.next(listening.disconnected)).hasMessageContaining("a barrier");
      ignored.join();
    }
  }

  @Test
  void aSilentSwitchIsAskedForAnEchoAndThenGivenUp() {
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      sessionOf(peer);
      peer.readUntil(Message.ECHO_REQUEST);
      assertThat(Listening.next(listening.disconnected)).hasMessageContaining("silent");
      peer.expectClosed();
    }
  }

  @Test
  void anEchoRequestIsAnsweredWithItsData() {
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      sessionOf(peer);
      peer.send("0602000c00000063deadbeef");
      ByteBuf reply = peer.readUntil(Message.ECHO_REPLY);
      assertThat(Message.xid(reply)).isEqualTo(0x63);
      assertThat(reply.getInt(8)).isEqualTo(0xdeadbeef);
    }
  }

  @Test
  void aPeerThatSaysNothingIsClosedAtTheHandshakesDeadline() {
    try (RawPeer peer = new RawPeer(server.address())) {
      peer.expectClosed();
    }
  }

  @Test
  void aPeerThatSaysHalfAMessageIsClosed() {
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      sessionOf(peer);
      peer.send("060a00ff000000");
      assertThat(Listening.next(listening.disconnected)).hasMessageContaining("silent");
      peer.expectClosed();
    }
  }

  @Test
  void garbageIsClosed() {
    byte[] garbage = new byte[100_000];
    new Random(7).nextBytes(garbage);
    try (RawPeer peer = new RawPeer(server.address())) {
      peer.send(garbage);
      peer.expectClosed();
    }
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      sessionOf(peer);
      try {
        peer.send(garbage);
      } catch (UncheckedIOException closedMeanwhile) {
        // It need not take all of it.
      }
      Listening.next(listening.disconnected);
      peer.expectClosed();
    }
  }

  @Test
  void aLengthBelowTheHeaderIsClosed() {
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      sessionOf(peer);
      peer.send("060a000700000001");
      assertThat(Listening.next(listening.disconnected))
          .hasRootCauseInstanceOf(OpenFlowFault.class)
          .hasMessageContaining("7 bytes");
      peer.expectClosed();
    }
  }

  @Test
  void anOldSwitchIsToldWhatIsWanted() {
    try (RawPeer peer = new RawPeer(server.address())) {
      peer.send("0400000800000001");
      ByteBuf error = peer.readUntil(Message.ERROR);
      assertThat(error.toString(12, error.writerIndex() - 12, StandardCharsets.US_ASCII))
          .isEqualTo("OpenFlow 1.5 only");
      peer.expectClosed();
    }
  }

  @Test
  void aNewerSwitchThatAlsoSpeaksOursIsTaken() {
    try (RawPeer peer = new RawPeer(server.address())) {
      // Version 7, bitmap with 6 and 7.
      peer.send("070000100000000100010008000000c0");
      peer.readUntil(Message.FEATURES_REQUEST);
    }
  }

  @Test
  void aWholeSixtyFourKibFrameIsTakenAndIgnored() {
    byte[] frame = new byte[0xffff];
    frame[0] = 6;
    frame[1] = 11; // flow removed, which nobody here reads
    frame[2] = (byte) 0xff;
    frame[3] = (byte) 0xff;
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      SwitchSession session = sessionOf(peer);
      peer.send(frame);
      peer.serve();
      session.barrier().orTimeout(5, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void tenThousandPortStatusesAreTakenTogether() {
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      SwitchSession session = sessionOf(peer);
      peer.serve();
      peer.write(
          out -> {
            for (int port = 1; port <= 10_000; port++) {
              new PortStatus(
                      PortStatus.Change.MODIFIED,
                      new PortDescription(port, "p" + port, port, true, true))
                  .encode(0, out);
            }
          });
      session.barrier().orTimeout(10, TimeUnit.SECONDS).join();
      Awaitility.await().until(() -> listening.portsChanged.get() > 0);
      // Read in slices of a few tens of milliseconds, each told once or as at most 256 ports.
      assertThat(listening.ports.size()).isLessThan(5_000);
      assertThat(session.open()).isTrue();
    }
  }

  @Test
  void aSwitchThatReadsNothingMakesABundleWaitAndIsGivenUp() {
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      SwitchSession session = sessionOf(peer);
      List<Mod> mods = new ArrayList<>();
      FlowEntry flow =
          FlowEntry.of(1, 1, Match.ANY, 0, Instruction.apply(Action.output(1), Action.output(2)));
      for (int i = 0; i < 200_000; i++) {
        mods.add(new Mod.FlowAdd(flow));
      }
      CompletableFuture<Void> bundle = session.bundle(mods);
      Awaitility.await().until(session::slow);
      // 200,000 changes take over 20 MB; what waits unsent is bounded by the water mark.
      session.packetOut(PacketOut.of(Octets.of(new byte[100]), Action.output(1)));
      assertThat(catchThrowable(() -> bundle.orTimeout(10, TimeUnit.SECONDS).join()))
          .hasCauseInstanceOf(SessionEnded.class);
    }
  }

  @Test
  void changesSentToASwitchThatReadsNothingEndTheSessionBeforeTheMemory() {
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      SwitchSession session = sessionOf(peer);
      FlowEntry flow = FlowEntry.of(1, 1, Match.ANY, 0, Instruction.apply(Action.output(1)));
      for (int i = 0; i < 200_000 && session.open(); i++) {
        session.send(new Mod.FlowAdd(flow));
      }
      Listening.next(listening.disconnected);
    }
  }

  @Test
  void anAnswerThatNeverEndsIsCutOff() {
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      SwitchSession session = sessionOf(peer);
      var flows = session.flows();
      int xid = Message.xid(peer.readUntil(Message.MULTIPART_REQUEST));
      byte[] filler = new byte[60_000];
      try {
        while (session.open()) {
          peer.write(
              out -> {
                // Groups, of which the decoder takes the length field at its word.
                int start = Message.begin(out, Message.MULTIPART_REPLY, xid);
                out.writeShort(1).writeShort(1).writeInt(0);
                int item = out.writerIndex();
                out.writeZero(24).writeShort(1).writeShort(4).writeInt(0);
                out.writeShort(0).writeShort(4).writeInt(0);
                int fill = filler.length;
                out.writeShort(0x7777).writeShort(fill).writeZero(fill - 4);
                out.setShort(item, out.writerIndex() - item);
                Message.end(out, start);
              });
        }
      } catch (UncheckedIOException cut) {
        // That is what is wanted.
      }
      assertThat(catchThrowable(() -> flows.orTimeout(5, TimeUnit.SECONDS).join()))
          .hasMessageContaining("more than 1048576 bytes");
    }
  }

  @Test
  void tooManyRequestsAreRefusedAtOnce() {
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      SwitchSession session = sessionOf(peer);
      List<CompletableFuture<Void>> barriers = new ArrayList<>();
      for (int i = 0; i < LIMITS.requestsMax() + 1; i++) {
        barriers.add(session.barrier());
      }
      assertThat(catchThrowable(() -> barriers.get(LIMITS.requestsMax()).join()))
          .hasMessageContaining("more than 64 requests wait");
    }
  }

  @Test
  void anErrorForABundlesChangeNamesItThoughTheSwitchCommits() {
    try (RawPeer peer = RawPeer.greeted(server.address(), 2)) {
      SwitchSession session = sessionOf(peer);
      Mod first = new Mod.GroupDelete(1);
      Mod second = new Mod.GroupDelete(2);
      var bundle = session.bundle(List.of(first, second));
      peer.readUntil(Message.BUNDLE_CONTROL);
      peer.readUntil(Message.BUNDLE_ADD);
      int xid = Message.xid(peer.readUntil(Message.BUNDLE_ADD));
      ByteBuf close = peer.readUntil(Message.BUNDLE_CONTROL);
      peer.write(
          out -> {
            int start = Message.begin(out, Message.ERROR, xid);
            out.writeShort(6).writeShort(8);
            Message.end(out, start);
          });
      close.setShort(12, 3);
      peer.send(ByteBufUtil.getBytes(close));
      ByteBuf discard = peer.readUntil(Message.BUNDLE_CONTROL);
      assertThat(discard.getUnsignedShort(12)).isEqualTo(6);
      assertThat(catchThrowable(() -> bundle.orTimeout(5, TimeUnit.SECONDS).join()))
          .hasCauseInstanceOf(OpenFlowRefused.class)
          .hasMessageContaining("group delete group_id=2");
    }
  }
}
