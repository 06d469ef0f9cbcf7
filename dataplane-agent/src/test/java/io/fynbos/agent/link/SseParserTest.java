package io.fynbos.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Revision;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseParserTest {
  private static final String STREAM =
      ": hello\n\nevent: revalidate\ndata: {\"revision\": 12}\n\n"
          + ": keep-alive\r\n\r\nevent:neighbours\rdata:{\"underlays\":\rdata: []}\r\r"
          + "id: 7\nretry: 10\ndata\n\nevent: nothing\n\ndata: last\n\n";

  @Test
  void eventsAreReadWhereverTheBytesAreSplit() {
    List<SseEvent> expected =
        List.of(
            new SseEvent("revalidate", "{\"revision\": 12}"),
            new SseEvent("neighbours", "{\"underlays\":\n[]}"),
            new SseEvent("message", ""),
            new SseEvent("message", "last"));
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(9);
    for (int round = 0; round < 500; round++) {
      SseParser parser = new SseParser();
      List<SseEvent> events = new ArrayList<>();
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(20));
        events.addAll(parser.feed(ByteBuffer.wrap(bytes, at, length)));
        at += length;
      }
      assertThat(events).isEqualTo(expected);
    }
  }

  @Test
  void anEndlessEventIsRefused() {
    SseParser parser = new SseParser();
    byte[] line = "data: 0123456789\n".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < SseParser.EVENT_BYTES_MAX; i++) {
                parser.feed(ByteBuffer.wrap(line));
              }
            })
        .hasMessageContaining("longer than");
    SseParser other = new SseParser();
    byte[] endless = new byte[SseParser.EVENT_BYTES_MAX + 1];
    assertThatThrownBy(() -> other.feed(ByteBuffer.wrap(endless)))
        .hasMessageContaining("longer than");
  }

  @Test
  void ordersAreReadAndUnknownOnesPassedOver() {
    assertThat(Order.decode(new SseEvent("revalidate", "{\"revision\": 12}")))
        .contains(new Order.Revalidate(new Revision(12), Optional.empty()));
    assertThat(Order.decode(new SseEvent("revalidate", "{\"revision\": 3, \"zones\": [18, 16]}")))
        .contains(
            new Order.Revalidate(new Revision(3), Optional.of(new TreeSet<>(List.of(16, 18)))));
    assertThat(Order.decode(new SseEvent("neighbours", "{\"underlays\":[\"172.31.0.2\"]}")))
        .contains(new Order.Neighbours(new TreeSet<>(List.of(IpAddress.parse("172.31.0.2")))));
    assertThat(Order.decode(new SseEvent("sing", "la"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "{\"revision\": \"12\"}",
        "{\"revision\": -1}",
        "{\"revision\": 1, \"zones\": 16}",
        "{\"revision\": 1, \"zones\": [65536]}",
        "{\"revision\": 1, \"zones\": [-1]}",
        "{\"revision\": 1, \"zones\": [\"16\"]}",
        "[1]",
        "null"
      })
  void aMalformedOrderIsRefused(String data) {
    assertThatThrownBy(() -> Order.decode(new SseEvent("revalidate", data)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Order.decode(new SseEvent("neighbours", data)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}", "[]", "{\"id\": \"7\"}", "{\"id\": -1}", "{\"id\": 1.5}"})
  void aQuestionThatNobodyCanAnswerEndsNothing(String data) {
    assertThat(Order.decode(new SseEvent("ask", data))).isEmpty();
  }
}
