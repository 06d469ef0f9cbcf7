package io.fynbos.agent.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.agent.support.Frames;
import io.fynbos.policy.model.IpAddress;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClaimFrameTest {
  @Test
  void anArpPacketClaimsItsSendersAddress() {
    assertThat(ClaimFrame.read(Frames.bytes(Frames.GRATUITOUS_ARP)))
        .contains(IpAddress.parse("10.0.0.9"));
    String request = Frames.GRATUITOUS_ARP.replace("0000000000000a000009", "0000000000000a000001");
    assertThat(ClaimFrame.read(Frames.bytes(request))).contains(IpAddress.parse("10.0.0.9"));
  }

  @Test
  void aNeighbourAdvertisementClaimsItsTarget() {
    assertThat(ClaimFrame.read(Frames.bytes(Frames.UNSOLICITED_ADVERTISEMENT)))
        .contains(IpAddress.parse("fd00:7::9"));
  }

  @Test
  void probesSolicitationsAndOtherPacketsClaimNothing() {
    String probe = Frames.GRATUITOUS_ARP.replace("0200000000070a000009", "02000000000700000000");
    assertThat(ClaimFrame.read(Frames.bytes(probe))).isEmpty();
    String solicitation = Frames.UNSOLICITED_ADVERTISEMENT.replace("88000000", "87000000");
    assertThat(ClaimFrame.read(Frames.bytes(solicitation))).isEmpty();
    assertThat(ClaimFrame.read(Frames.bytes(Frames.TCP_V4))).isEmpty();
    assertThat(ClaimFrame.read(Frames.bytes(Frames.UDP_V6))).isEmpty();
    String infiniband = Frames.GRATUITOUS_ARP.replace("00010800", "00200800");
    assertThat(ClaimFrame.read(Frames.bytes(infiniband))).isEmpty();
  }

  @Test
  void damagedFramesNeverCrashTheReader() {
    Random random = new Random(826);
    String[] seeds = {Frames.GRATUITOUS_ARP, Frames.UNSOLICITED_ADVERTISEMENT};
    int claims = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] frame = Frames.bytes(seeds[random.nextInt(seeds.length)]);
      for (int i = random.nextInt(6); i > 0; i--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
      }
      claims += ClaimFrame.read(frame).isPresent() ? 1 : 0;
    }
    assertThat(claims).isGreaterThan(10_000);
  }
}
