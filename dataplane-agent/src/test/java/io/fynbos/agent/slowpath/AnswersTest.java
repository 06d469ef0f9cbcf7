package io.fynbos.agent.slowpath;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IcmpV6CommonPacket;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.IpV6Packet;
import org.pcap4j.packet.TcpPacket;

/** Golden bytes for each answer, and pcap4j as the reader who checks every checksum. */
class AnswersTest {
  private static final String GUEST = "020000000007";
  private static final String OTHER = "0e0000000001";
  private static final String SYN_V4 =
      OTHER
          + GUEST
          + "0800"
          + "4500002812344000400600000a0000010a000002"
          + "9c4000501000000000000000500272100000"
          + "0000";
  private static final String ACK_V4 =
      OTHER
          + GUEST
          + "0800"
          + "4500002d12344000400600000a0000010a000002"
          + "9c40005010000000200000005018721000000000"
          + "68656c6c6f";
  private static final String UDP_V4 =
      OTHER
          + GUEST
          + "0800"
          + "4500002012344000010000000a0000010a000002".replace("0100", "0111")
          + "9c40003500"
          + "0c0000"
          + "61626364";
  private static final String SYN_V6 =
      OTHER
          + GUEST
          + "86dd"
          + "600000000014"
          + "0640"
          + "fd000007000000000000000000000001fd000007000000000000000000000002"
          + "9c4000501000000000000000500272100000"
          + "0000";
  private static final String UDP_V6 =
      OTHER
          + GUEST
          + "86dd"
          + "60000000000c"
          + "1101"
          + "fd000007000000000000000000000001fd000007000000000000000000000002"
          + "9c400035000c000061626364";

  @Test
  void aRejectedConnectionAttemptIsReset() {
    assertThat(hex(Answers.reject(bytes(SYN_V4))))
        .isEqualTo(
            GUEST
                + OTHER
                + "0800"
                + "450000280000000040066"
                + "6ce0a0000020a000001"
                + "00509c40000000001000000150140000"
                + "ef3c0000");
    TcpPacket reset = v4(Answers.reject(bytes(SYN_V4))).get(TcpPacket.class);
    assertThat(reset.getHeader().getRst()).isTrue();
    assertThat(reset.getHeader().getAcknowledgmentNumber()).isEqualTo(0x10000001);
  }

  @Test
  void aRejectedSegmentWithAnAcknowledgmentIsResetAtThatNumber() throws UnknownHostException {
    TcpPacket reset = v4(Answers.reject(bytes(ACK_V4))).get(TcpPacket.class);
    assertThat(reset.getHeader().getSequenceNumber()).isEqualTo(0x20000000);
    assertThat(reset.getHeader().getAck()).isFalse();
    assertThat(reset.getHeader().getRst()).isTrue();
    assertThat(
            reset.hasValidChecksum(
                (Inet4Address) InetAddress.getByName("10.0.0.2"),
                (Inet4Address) InetAddress.getByName("10.0.0.1"),
                false))
        .isTrue();
  }

  @Test
  void aRejectedIpv6ConnectionAttemptIsReset() throws UnknownHostException {
    TcpPacket reset = v6(Answers.reject(bytes(SYN_V6))).get(TcpPacket.class);
    assertThat(reset.getHeader().getRst()).isTrue();
    assertThat(reset.getHeader().getAcknowledgmentNumber()).isEqualTo(0x10000001);
    assertThat(
            reset.hasValidChecksum(
                (Inet6Address) InetAddress.getByName("fd00:7::2"),
                (Inet6Address) InetAddress.getByName("fd00:7::1"),
                false))
        .isTrue();
  }

  @Test
  void whatHasNoResetIsRejectedAsProhibited() {
    IcmpV4CommonPacket v4 = v4(Answers.reject(bytes(UDP_V4))).get(IcmpV4CommonPacket.class);
    assertThat(v4.getHeader().getType().value()).isEqualTo((byte) 3);
    assertThat(v4.getHeader().getCode().value()).isEqualTo((byte) 13);
    assertThat(v4.hasValidChecksum(false)).isTrue();
    IpV6Packet packet = v6(Answers.reject(bytes(UDP_V6)));
    IcmpV6CommonPacket v6 = packet.get(IcmpV6CommonPacket.class);
    assertThat(v6.getHeader().getType().value()).isEqualTo((byte) 1);
    assertThat(v6.getHeader().getCode().value()).isEqualTo((byte) 1);
    assertThat(validV6(packet)).isTrue();
  }

  @Test
  void anExpiredPacketIsAnsweredFromTheRoutersAddressWithWhatItCarried() {
    IpV4Packet v4 = v4(Answers.timeExceeded(bytes(UDP_V4)));
    assertThat(v4.getHeader().getSrcAddr().getHostAddress()).isEqualTo("169.254.1.1");
    assertThat(v4.getHeader().getDstAddr().getHostAddress()).isEqualTo("10.0.0.1");
    byte[] answer = v4.getPayload().getRawData();
    assertThat(answer[0]).isEqualTo((byte) 11);
    assertThat(HexFormat.of().formatHex(answer).substring(16)).isEqualTo(UDP_V4.substring(28));
    IpV6Packet v6 = v6(Answers.timeExceeded(bytes(UDP_V6)));
    assertThat(v6.getHeader().getSrcAddr().getHostAddress()).startsWith("fe80:0:0:0:0:0:0:1");
    assertThat(v6.getPayload().getRawData()[0]).isEqualTo((byte) 3);
    assertThat(validV6(v6)).isTrue();
  }

  @Test
  void aPacketThatIsTooBigIsAnsweredWithTheMtu() {
    byte[] v4 = v4(Answers.tooBig(bytes(UDP_V4), 1450)).getPayload().getRawData();
    assertThat(HexFormat.of().formatHex(v4, 0, 2)).isEqualTo("0304");
    assertThat(HexFormat.of().formatHex(v4, 4, 8)).isEqualTo("000005aa");
    byte[] v6 = v6(Answers.tooBig(bytes(UDP_V6), 1450)).getPayload().getRawData();
    assertThat(HexFormat.of().formatHex(v6, 0, 2)).isEqualTo("0200");
    assertThat(HexFormat.of().formatHex(v6, 4, 8)).isEqualTo("000005aa");
  }

  @Test
  void anAnswerQuotesNoMoreThanItMay() {
    byte[] big = new byte[1600];
    byte[] head = bytes(UDP_V4);
    System.arraycopy(head, 0, big, 0, head.length);
    IpFrame.putWord(big, IpFrame.ETHERNET + 2, 1500);
    assertThat(v4(Answers.tooBig(big, 1450)).getHeader().getTotalLengthAsInt()).isEqualTo(576);
    head = bytes(UDP_V6);
    System.arraycopy(head, 0, big, 0, head.length);
    IpFrame.putWord(big, IpFrame.ETHERNET + 4, 1500);
    assertThat(v6(Answers.tooBig(big, 1450)).getHeader().getPayloadLengthAsInt()).isEqualTo(1240);
  }

  @Test
  void anErrorIsNeverAnsweredWithAnError() {
    byte[] error = Answers.reject(bytes(UDP_V4)).orElseThrow();
    assertThat(Answers.reject(error)).isEmpty();
    assertThat(Answers.timeExceeded(error)).isEmpty();
    byte[] errorV6 = Answers.reject(bytes(UDP_V6)).orElseThrow();
    assertThat(Answers.timeExceeded(errorV6)).isEmpty();
    byte[] reset = Answers.reject(bytes(SYN_V4)).orElseThrow();
    assertThat(Answers.reject(reset)).isEmpty();
  }

  @Test
  void groupsAndLaterFragmentsAreNeverAnswered() {
    byte[] multicast = bytes(UDP_V4);
    multicast[IpFrame.ETHERNET + 16] = (byte) 224;
    assertThat(Answers.timeExceeded(multicast)).isEmpty();
    byte[] nobody = bytes(UDP_V4);
    nobody[IpFrame.ETHERNET + 12] = 0;
    assertThat(Answers.timeExceeded(nobody)).isEmpty();
    byte[] fragment = bytes(UDP_V4);
    fragment[IpFrame.ETHERNET + 7] = 5;
    assertThat(Answers.timeExceeded(fragment)).isEmpty();
    byte[] broadcast = bytes(UDP_V4);
    broadcast[0] = (byte) 0xff;
    assertThat(Answers.reject(broadcast)).isEmpty();
    byte[] unspecified = bytes(UDP_V6);
    Arrays.fill(unspecified, 22, 38, (byte) 0);
    assertThat(Answers.timeExceeded(unspecified)).isEmpty();
  }

  @Test
  void aSegmentToOrFromAGroupIsNeverReset() {
    for (String[] change :
        new String[][] {
          {"0a0000010a000002", "0a000001e0000001"},
          {"0a0000010a000002", "0a000001ffffffff"},
          {"0a0000010a000002", "e00000010a000002"},
          {"0a0000010a000002", "000000000a000002"},
          {OTHER, "01005e000001"},
          {OTHER, "ffffffffffff"},
        }) {
      assertThat(Answers.reject(bytes(SYN_V4.replace(change[0], change[1])))).isEmpty();
    }
    byte[] group = bytes(SYN_V6);
    group[IpFrame.ETHERNET + 24] = (byte) 0xff;
    assertThat(Answers.reject(group)).isEmpty();
  }

  @Test
  void aFragmentIsResetOnlyWhereTheAnswerIsKnown() {
    int flags = IpFrame.ETHERNET + 6;
    byte[] synWithMore = bytes(SYN_V4);
    synWithMore[flags] = 0x20;
    assertThat(Answers.reject(synWithMore)).as("a first fragment without ACK").isEmpty();
    byte[] ackWithMore = bytes(ACK_V4);
    ackWithMore[flags] = 0x20;
    TcpPacket reset = v4(Answers.reject(ackWithMore)).get(TcpPacket.class);
    assertThat(reset.getHeader().getSequenceNumber()).isEqualTo(0x20000000);
    byte[] later = bytes(ACK_V4);
    later[flags + 1] = 3;
    assertThat(Answers.reject(later)).as("a later fragment").isEmpty();
  }

  @Test
  void aResetAcknowledgesAllThatASegmentHolds() {
    byte[] finWithData = bytes(ACK_V4);
    finWithData[IpFrame.ETHERNET + IpFrame.IPV4_HEADER + 13] = 0x01;
    TcpPacket reset = v4(Answers.reject(finWithData)).get(TcpPacket.class);
    assertThat(reset.getHeader().getAcknowledgmentNumber()).isEqualTo(0x10000000 + 5 + 1);
    assertThat(reset.getHeader().getAck()).isTrue();
  }

  @Test
  void whatMayNotBeComplainedAboutIsRejectedInSilence() {
    for (int type : new int[] {3, 4, 5, 11, 12}) {
      byte[] error = bytes(UDP_V4);
      error[IpFrame.ETHERNET + 9] = 1;
      error[IpFrame.ETHERNET + IpFrame.IPV4_HEADER] = (byte) type;
      assertThat(Answers.reject(error)).as("icmp type %s", type).isEmpty();
    }
    for (int type : new int[] {1, 2, 3, 4, 100, 127, 137}) {
      byte[] error = bytes(UDP_V6);
      error[IpFrame.ETHERNET + 6] = 58;
      error[IpFrame.ETHERNET + IpFrame.IPV6_HEADER] = (byte) type;
      assertThat(Answers.reject(error)).as("icmpv6 type %s", type).isEmpty();
    }
    byte[] echo = bytes(UDP_V4);
    echo[IpFrame.ETHERNET + 9] = 1;
    echo[IpFrame.ETHERNET + IpFrame.IPV4_HEADER] = 8;
    assertThat(Answers.reject(echo)).isPresent();
  }

  @Test
  void damagedFramesAreLeftUnansweredOrAnsweredAndNeverCrash() {
    Random random = new Random(792);
    String[] seeds = {SYN_V4, ACK_V4, UDP_V4, SYN_V6, UDP_V6};
    int answered = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] frame = bytes(seeds[random.nextInt(seeds.length)]);
      for (int i = random.nextInt(6); i > 0; i--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
      }
      Optional<byte[]> answer = Answers.reject(frame);
      answered += answer.isPresent() ? 1 : 0;
      assertThat(Answers.tooBig(frame, 1450).map(a -> a.length).orElse(0)).isLessThan(1300);
      assertThat(Answers.timeExceeded(frame).map(a -> a.length).orElse(0)).isLessThan(1300);
    }
    assertThat(answered).isGreaterThan(10_000);
  }

  private static boolean validV6(IpV6Packet packet) {
    Checksum sum = new Checksum();
    byte[] raw = packet.getRawData();
    sum.add(raw, 8, 32).add(raw.length - 40).add(IpFrame.ICMP_V6).add(raw, 40, raw.length - 40);
    return sum.value() == 0;
  }

  private static IpV4Packet v4(Optional<byte[]> frame) {
    IpV4Packet packet = ethernet(frame).get(IpV4Packet.class);
    assertThat(packet.getHeader().hasValidChecksum(false)).isTrue();
    return packet;
  }

  private static IpV6Packet v6(Optional<byte[]> frame) {
    return ethernet(frame).get(IpV6Packet.class);
  }

  private static EthernetPacket ethernet(Optional<byte[]> frame) {
    byte[] bytes = frame.orElseThrow();
    try {
      EthernetPacket packet = EthernetPacket.newPacket(bytes, 0, bytes.length);
      assertThat(packet.getHeader().getDstAddr()).hasToString("02:00:00:00:00:07");
      assertThat(packet.getHeader().getSrcAddr()).hasToString("0e:00:00:00:00:01");
      return packet;
    } catch (IllegalRawDataException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String hex(Optional<byte[]> bytes) {
    return HexFormat.of().formatHex(bytes.orElseThrow());
  }
}
