package io.fynbos.agent.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonFramesTest {
  private static final long SEED = 7047;

  @Test
  void messagesAreCutWhereverTheStreamIsSplit() {
    Random random = new Random(SEED);
    for (int round = 0; round < 300; round++) {
      List<String> sent = new ArrayList<>();
      StringBuilder stream = new StringBuilder();
      for (int i = random.nextInt(6); i >= 0; i--) {
        String message = randomMessage(random).toString();
        sent.add(message);
        stream.append(message).append(random.nextBoolean() ? "\n " : "");
      }
      byte[] bytes = stream.toString().getBytes(StandardCharsets.UTF_8);
      EmbeddedChannel channel = channel(1 << 20);
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
        channel.writeInbound(Unpooled.copiedBuffer(bytes, at, length));
        at += length;
      }
      List<String> received = new ArrayList<>();
      for (byte[] frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
        received.add(new String(frame, StandardCharsets.UTF_8));
      }
      assertThat(received).as("seed %s round %s", SEED, round).isEqualTo(sent);
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void aMessageLongerThanTheBoundIsRefused() {
    EmbeddedChannel channel = channel(16);
    assertThatThrownBy(() -> channel.writeInbound(bytes("{\"a\":\"01234567890123456789\"}")))
        .isInstanceOf(DecoderException.class)
        .hasMessageContaining("longer than 16 bytes");
    assertThat(channel.writeInbound(bytes("{}"))).as("nothing is read after that").isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void aMessageNestedDeeperThanTheBoundIsRefused() {
    EmbeddedChannel channel = channel(1 << 20);
    assertThatThrownBy(() -> channel.writeInbound(bytes("{\"a\":" + "[".repeat(100))))
        .hasMessageContaining("deeper than 64");
    channel.finishAndReleaseAll();
  }

  @Test
  void randomBytesAreRefusedAndNeverCrash() {
    Random random = new Random(SEED);
    for (int round = 0; round < 2_000; round++) {
      byte[] noise = new byte[1 + random.nextInt(200)];
      random.nextBytes(noise);
      if (random.nextBoolean()) {
        noise[0] = '{';
      }
      EmbeddedChannel channel = channel(100);
      try {
        channel.writeInbound(Unpooled.wrappedBuffer(noise));
        for (byte[] frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
          JsonRpcMessage.decode(frame);
        }
      } catch (DecoderException | JsonRpcException expected) {
        assertThat(expected).hasMessageContaining("message");
      } finally {
        channel.finishAndReleaseAll();
      }
    }
  }

  @Test
  void damagedMessagesAreRefusedAndNeverCrash() {
    Random random = new Random(SEED);
    int refused = 0;
    for (int round = 0; round < 5_000; round++) {
      byte[] message = randomMessage(random).toString().getBytes(StandardCharsets.UTF_8);
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        message[random.nextInt(message.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(JsonRpcMessage.decode(message)).isNotNull();
      } catch (JsonRpcException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1_000);
  }

  private static EmbeddedChannel channel(int frameBytesMax) {
    return new EmbeddedChannel(
        new JsonFrames(new JsonScanner(JsonRpcMessage.DEPTH_MAX, frameBytesMax)));
  }

  private static Object bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  private static ObjectNode randomMessage(Random random) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    ObjectNode message = nodes.objectNode();
    switch (random.nextInt(3)) {
      case 0 -> {
        message.put("id", random.nextInt());
        message.put("method", randomText(random));
        message.putArray("params").add(randomText(random)).addObject().put("a", "}{]\\\"");
      }
      case 1 -> {
        message.put("id", random.nextInt());
        message.putObject("result").put(randomText(random), 1).putNull("x");
        message.putNull("error");
      }
      default -> {
        message.putNull("id");
        message.put("method", "update");
        message.putArray("params").addArray().add("set").addArray().add(randomText(random));
      }
    }
    return message;
  }

  private static String randomText(Random random) {
    String alphabet = "ab{}[]\"\\\n\u00e9\u4e2d ";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
