package io.fynbos.labs.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.labs.net.Sighting.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SightingTest {
  private static final int TOKEN = 0x89abcdef;
  private static final byte[] MAC = {2, 0, 0, 0, 0, 1};

  static Stream<Segment> segments() {
    return Stream.of(
        new Segment.Syn(40000, 5432),
        new Segment.Data(40000, 5432),
        new Segment.Datagram(40000, 53),
        new Segment.LongDatagram(40000, 53, 2),
        new Segment.Echo(Segment.ICMP, 8, 7),
        new Segment.Echo(Segment.ICMPV6, 128, 7),
        new Segment.Icmp(Segment.ICMP, 8, 0),
        new Segment.Icmp(Segment.ICMP, 13, 0),
        new Segment.Icmp(Segment.ICMPV6, 128, 0),
        new Segment.Sctp(40000, 3868),
        new Segment.Other(47));
  }

  @ParameterizedTest
  @MethodSource("segments")
  void aProbeShowsItsTokenWhereverItArrives(Segment segment) throws UnknownHostException {
    if (segment.protocol() != Segment.ICMPV6) {
      byte[] frame = probe(segment, "10.0.0.1", "10.0.0.2").frame(MAC, MAC);
      assertThat(Sighting.in(frame)).contains(new Sighting(TOKEN, Kind.PROBE));
    }
    if (segment.protocol() != Segment.ICMP) {
      byte[] frame = probe(segment, "fd00::1", "fd00::2").frame(MAC, MAC);
      assertThat(Sighting.in(frame)).contains(new Sighting(TOKEN, Kind.PROBE));
    }
  }

  @ParameterizedTest
  @MethodSource("segments")
  void anIcmpErrorThatQuotesAProbeShowsItsToken(Segment segment) throws UnknownHostException {
    byte[] quoted = probe(segment, "10.0.0.1", "10.0.0.2").frame(MAC, MAC);
    ByteBuffer error = ByteBuffer.allocate(8 + quoted.length - 14);
    error.put((byte) 3).put((byte) 2).position(8);
    error.put(quoted, 14, quoted.length - 14);
    IpPacket packet =
        new IpPacket(address("10.0.0.2"), address("10.0.0.1"), Segment.ICMP, error.array());
    assertThat(Sighting.in(packet.frame(MAC, MAC))).contains(new Sighting(TOKEN, Kind.ERROR));
  }

  @Test
  void everyFragmentShowsATokenOfItsOwn() throws UnknownHostException {
    Segment segment = new Segment.LongDatagram(40000, 53, 3);
    for (String side : new String[] {"10.0.0.", "fd00::"}) {
      List<byte[]> frames =
          probe(segment, side + "1", side + "2")
              .fragments(MAC, MAC, 9, Segment.LongDatagram.FRAGMENT_BYTES);
      assertThat(frames)
          .extracting(Sighting::in)
          .containsExactly(
              Optional.of(new Sighting(TOKEN, Kind.PROBE)),
              Optional.of(new Sighting(TOKEN + 1, Kind.PROBE)),
              Optional.of(new Sighting(TOKEN + 2, Kind.PROBE)));
    }
  }

  @Test
  void aRefusedAndAnAcceptedConnectionAreBothAnswers() throws UnknownHostException {
    for (int flags : new int[] {0x14, 0x12}) {
      ByteBuffer answer = ByteBuffer.allocate(20);
      answer.putShort((short) 5432).putShort((short) 40000).putInt(77).putInt(TOKEN + 1);
      answer.put(13, (byte) flags);
      IpPacket packet =
          new IpPacket(address("10.0.0.2"), address("10.0.0.1"), Segment.TCP, answer.array());
      assertThat(Sighting.in(packet.frame(MAC, MAC))).contains(new Sighting(TOKEN, Kind.ANSWER));
    }
  }

  @Test
  void strangersAndScrapsShowNothing() {
    for (int length : new int[] {0, 13, 14, 20, 33, 34, 40, 54, 60}) {
      byte[] frame = new byte[length];
      assertThat(Sighting.in(frame)).isEmpty();
      if (length > 14) {
        frame[12] = 0x08;
        frame[14] = 0x45;
        assertThat(Sighting.in(frame)).isEmpty();
        frame[12] = (byte) 0x86;
        frame[13] = (byte) 0xdd;
        frame[14] = 0x60;
        assertThat(Sighting.in(frame)).isEmpty();
      }
    }
  }

  @Test
  void theChecksumsAreThoseOfTheStandards() throws UnknownHostException {
    // RFC 1071 §3: the example's sum is ddf2, its complement 220d.
    byte[] example = {
      0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7
    };
    assertThat(InternetChecksum.of(example)).isEqualTo((short) 0x220d);
    byte[] frame = probe(new Segment.Syn(1, 2), "10.0.0.1", "10.0.0.2").frame(MAC, MAC);
    byte[] header = java.util.Arrays.copyOfRange(frame, 14, 34);
    assertThat(InternetChecksum.of(header)).as("a header with its checksum sums to 0").isZero();
  }

  private static IpPacket probe(Segment segment, String source, String destination)
      throws UnknownHostException {
    return segment.packet(address(source), address(destination), TOKEN);
  }

  private static InetAddress address(String literal) throws UnknownHostException {
    return InetAddress.getByName(literal);
  }
}
