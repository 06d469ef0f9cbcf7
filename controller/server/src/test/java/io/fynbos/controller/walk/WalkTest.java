package io.fynbos.controller.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.RandomImages;
import io.fynbos.policy.RandomImages.Size;
import io.fynbos.policy.RandomPackets;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.verdict.End;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.verdict.Transport;
import io.fynbos.policy.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random packets through compiled tables end where the oracle says, for random images. */
class WalkTest {
  private static final int PACKETS = 250;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aFirstPacketArrivesWhenTheOracleAllowsIt(long seed) {
    Image image = image(seed);
    MiniFabric fabric = new MiniFabric(image);
    RandomPackets packets = new RandomPackets(seed);
    for (int i = 0; i < PACKETS; i++) {
      Packet packet = asSent(packets.any(image));
      if (fabric.senderOf(packet).isEmpty()
          || !addressesFit(image, packet)
          || (packet.stateless() && !owned(image, packet.from()))) {
        continue;
      }
      fabric.forgetConnections();
      MiniFabric.Journey journey = fabric.send(packet, MiniFabric.SYN);
      Verdict verdict = Oracle.judge(image, packet);
      String about = "seed %d: %s\n%s".formatted(seed, journey, verdict.explanation());
      Optional<EndpointRef> receiver = receiver(image, packet).filter(fabric::attached);
      assertThat(journey.arrived())
          .as(about)
          .isEqualTo(verdict.allowed() ? receiver : Optional.empty());
      // A sender's host that lets SCTP pass as a reply cannot know that the other will not.
      if (verdict.noRoute().isEmpty() && receiver.isPresent() && !packet.stateless()) {
        assertThat(journey.passedBy(Table.REJECT)).as(about).isEqualTo(verdict.rejected());
      }
    }
  }

  /** What a guest sends has addresses only: those of another universe mean its own there. */
  private static Packet asSent(Packet packet) {
    return new Packet(packet.from(), new End.OfAddress(packet.to().address()), packet.transport());
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
  void aReplyArrivesWhileWhatItAnswersMayPass(long seed) {
    RandomImages random = RandomImages.complete(seed);
    Image image = random.image(size(seed));
    RandomPackets packets = new RandomPackets(seed);
    MiniFabric fabric = new MiniFabric(image);
    for (int i = 0; i < PACKETS / 5; i++) {
      fabric.forgetConnections();
      fabric.become(image);
      List<Packet> open = new ArrayList<>();
      Image when = image;
      for (int p = 0; p < 10; p++) {
        Packet packet = packets.between(image);
        if (tracked(packet)
            && owned(image, packet)
            && fabric.attached(packet)
            && fabric.send(packet, MiniFabric.SYN).arrived().isPresent()) {
          open.add(packet);
        }
      }
      for (Packet packet : open) {
        assertThat(fabric.send(packet.reversed(), MiniFabric.SYN | MiniFabric.ACK).arrived())
            .as("seed %d: the answer to %s", seed, packet)
            .isPresent();
      }
      Image after = random.next(image);
      fabric.become(after);
      open.forEach(packet -> judgedAgain(fabric, when, after, packet, seed));
      image = after;
    }
  }

  /** After a change of policy, both directions of a connection that stands. */
  private static void judgedAgain(
      MiniFabric fabric, Image when, Image after, Packet packet, long seed) {
    if (!fabric.attached(packet) || !owned(after, packet) || !samePlaces(when, after, packet)) {
      return;
    }
    Verdict verdict = Oracle.judgeTracked(after, packet, kept(when, packet));
    MiniFabric.Journey there = fabric.send(packet, MiniFabric.ACK);
    MiniFabric.Journey back = fabric.send(packet.reversed(), MiniFabric.ACK);
    String about = "seed %d: %s %s\n%s".formatted(seed, there, back, verdict.explanation());
    assertThat(there.arrived().isPresent()).as(about).isEqualTo(verdict.allowed());
    assertThat(back.arrived().isPresent()).as(about).isEqualTo(verdict.allowed());
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34, 35, 36})
  void tcpThatIsPickedUpWithoutItsSynArrivesWhenTheOracleAllowsIt(long seed) {
    Image image = image(seed);
    MiniFabric fabric = new MiniFabric(image);
    RandomPackets packets = new RandomPackets(seed);
    for (int i = 0; i < PACKETS; i++) {
      Packet drawn = packets.between(image);
      boolean tcp = drawn.transport().protocol() == Service.TCP;
      if (!tcp || !owned(image, drawn) || !fabric.attached(drawn)) {
        continue;
      }
      for (Packet packet : List.of(drawn, drawn.reversed())) {
        fabric.forgetConnections();
        MiniFabric.Journey journey = fabric.send(packet, MiniFabric.ACK);
        Verdict verdict = Oracle.judgeMidstream(image, packet);
        assertThat(journey.arrived().isPresent())
            .as("seed %d: %s\n%s", seed, journey, verdict.explanation())
            .isEqualTo(verdict.allowed());
        journey
            .arrived()
            .ifPresent(
                there -> {
                  assertThat(journey.last().value(source(packet)))
                      .isEqualTo(
                          Fields.join(
                              packet.from().address().high(), packet.from().address().low()));
                });
      }
    }
  }

  private static OxmField source(Packet packet) {
    return packet.from().address().v6() ? OxmField.IPV6_SRC : OxmField.IPV4_SRC;
  }

  private static Image image(long seed) {
    return RandomImages.complete(seed).image(size(seed));
  }

  private static Size size(long seed) {
    return seed % 2 == 0 ? Size.SMALL : Size.MEDIUM;
  }

  private static boolean tracked(Packet packet) {
    return packet.transport() instanceof Transport.Ports && !packet.stateless();
  }

  private static boolean kept(Image image, Packet packet) {
    Universe universe =
        image.universe(((End.OfEndpoint) packet.from()).ref().universe()).orElseThrow();
    return universe.keepEstablished();
  }

  /** Whether both ends are where they were: elsewhere nothing is tracked of them. */
  private static boolean samePlaces(Image when, Image after, Packet packet) {
    return Stream.of(packet.from(), packet.to())
            .map(end -> ((End.OfEndpoint) end).ref())
            .allMatch(
                ref ->
                    when.bindingOf(ref)
                        .map(Binding::host)
                        .equals(after.bindingOf(ref).map(Binding::host)))
        && after
            .number(((End.OfEndpoint) packet.from()).ref().universe())
            .equals(when.number(((End.OfEndpoint) packet.from()).ref().universe()));
  }

  /** A change may have given an endpoint other addresses. */
  private static boolean addressesFit(Image image, Packet packet) {
    for (End end : List.of(packet.from(), packet.to())) {
      if (end instanceof End.OfEndpoint known
          && image.endpoint(known.ref()).filter(e -> e.mayHave(end.address())).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Answers come to both ends: what is sent from a shared address may be answered to another. */
  private static boolean owned(Image image, Packet packet) {
    return owned(image, packet.from()) && owned(image, packet.to());
  }

  private static boolean owned(Image image, End end) {
    EndpointRef ref = ((End.OfEndpoint) end).ref();
    return image
        .endpointAt(ref.universe(), end.address())
        .filter(owner -> owner.ref().equals(ref))
        .isPresent();
  }

  private static Optional<EndpointRef> receiver(Image image, Packet packet) {
    return image
        .endpointAt(((End.OfEndpoint) packet.from()).ref().universe(), packet.to().address())
        .map(Endpoint::ref);
  }
}
