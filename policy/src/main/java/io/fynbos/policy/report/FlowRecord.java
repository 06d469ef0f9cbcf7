package io.fynbos.policy.report;

import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.verdict.Transport;
import java.util.List;
import java.util.Optional;

/**
 * A packet that a host's switch was told to log, in numbers as the switch has them.
 *
 * @param time when the switch saw it: UTC as RFC 3339 writes it, {@code 2026-05-01T10:15:30.123Z}
 * @param universe the universe's number
 * @param sender the sender's identity; 0 when it is not known
 * @param receiver the receiver's identity; 0 when it is not known
 * @param rules the rules that took part: policy number and index, as a cookie has them
 * @param bytes of the packet
 * @param direction of the judgement that decided, when one did
 */
public record FlowRecord(
    String time,
    int universe,
    int sender,
    int receiver,
    IpAddress source,
    IpAddress destination,
    Transport transport,
    Result result,
    List<Long> rules,
    long bytes,
    Optional<Direction> direction) {
  public FlowRecord {
    rules = List.copyOf(rules);
  }

  /** What became of the packet, or would have become of it. */
  public enum Result {
    ALLOW("allow"),
    DENY("deny"),
    REJECT("reject"),
    WOULD_ALLOW("would-allow"),
    WOULD_DENY("would-deny");

    private final String text;

    Result(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
