package io.fynbos.openflow.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.fynbos.openflow.wire.Message;
import io.fynbos.openflow.wire.OpenFlowFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The messages that openflowj reads, with bytes changed: nothing but a fault of the peer comes out.
 */
class SessionMessagesFuzzTest {
  private static final long SEED = Long.getLong("fuzz.seed", 20_240_608L);
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 20_000);

  private static final String HELLO = "06000010000000010001000800000040";
  private static final String FEATURES =
      "0606002000000002000000000000 00ab00000000fe0000000000014f00000000".replace(" ", "");

  @Test
  void goodOnesAreRead() {
    assertThat(SessionMessages.speaksOurVersion(bytes(HELLO))).isTrue();
    assertThat(SessionMessages.features(bytes(FEATURES)).datapathId()).isEqualTo(0xab);
  }

  @Test
  void badOnesAreFaultsOfThePeer() {
    fuzz(HELLO, SessionMessages::speaksOurVersion);
    fuzz(FEATURES, SessionMessages::features);
  }

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
  }

  private static void fuzz(String seed, Consumer<ByteBuf> decoder) {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] message = ByteBufUtil.decodeHexDump(seed);
      for (int i = 0; i <= random.nextInt(4); i++) {
        message[random.nextInt(message.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(6) == 0 ? 8 + random.nextInt(message.length - 7) : message.length;
      if (random.nextBoolean()) {
        message[2] = (byte) (length >> 8);
        message[3] = (byte) length;
      }
      assertThat(length).isGreaterThanOrEqualTo(Message.HEADER_BYTES);
      try {
        decoder.accept(Unpooled.wrappedBuffer(message, 0, length));
      } catch (OpenFlowFault expected) {
        assertThat(expected).hasMessageMatching("(?s).+");
      } catch (RuntimeException | StackOverflowError wrong) {
        fail("seed %d round %d: %s".formatted(SEED, round, ByteBufUtil.hexDump(message)), wrong);
      }
    }
  }
}
