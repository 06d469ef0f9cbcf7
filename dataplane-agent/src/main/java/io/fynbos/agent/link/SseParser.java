package io.fynbos.agent.link;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * WHATWG HTML §9.2.6, "Interpreting an event stream": bytes in, events out, wherever the bytes are
 * split. Comments, ids and retry times are read over. An event has a bound.
 */
public final class SseParser {
  /** Longest event; an order names at most some thousand hosts. */
  public static final int EVENT_BYTES_MAX = 1 << 20;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private boolean afterReturn;

  /**
   * Takes the next bytes and gives the events they complete.
   *
   * @throws IllegalArgumentException when an event is longer than {@link #EVENT_BYTES_MAX}
   */
  public List<SseEvent> feed(ByteBuffer bytes) {
    List<SseEvent> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      boolean secondOfPair = next == '\n' && afterReturn;
      afterReturn = next == '\r';
      if (secondOfPair) {
        continue;
      }
      if (next == '\n' || next == '\r') {
        endOfLine(events);
      } else {
        line.write(next);
        bound();
      }
    }
    return events;
  }

  private void bound() {
    if (line.size() + data.length() > EVENT_BYTES_MAX) {
      throw new IllegalArgumentException("an event is longer than " + EVENT_BYTES_MAX + " bytes");
    }
  }

  private void endOfLine(List<SseEvent> events) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (text.isEmpty()) {
      if (!data.isEmpty()) {
        data.setLength(data.length() - 1);
        events.add(new SseEvent(type.isEmpty() ? "message" : type, data.toString()));
      }
      data.setLength(0);
      type = "";
      return;
    }
    int colon = text.indexOf(':');
    String field = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    if (value.startsWith(" ")) {
      value = value.substring(1);
    }
    if (field.equals("event")) {
      type = value;
    } else if (field.equals("data")) {
      data.append(value).append('\n');
      bound();
    }
  }
}
