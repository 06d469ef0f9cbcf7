package io.fynbos.agent.flowlog;

import io.fynbos.agent.bringup.Wanted;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.PacketIn;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.report.FlowRecord;
import io.fynbos.policy.report.FlowRecord.Result;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Reads what the pipeline says of a packet that is to be logged. */
final class LogRecord {
  private static final OxmField SENDER = OxmField.REG0;
  private static final OxmField RECEIVER = OxmField.REG1;
  private static final OxmField UNIVERSE = OxmField.REG2;
  private static final OxmField RULE_OUT = OxmField.REG10;
  private static final OxmField RULE_IN = OxmField.REG11;
  private static final OxmField RULE_AUDIT = OxmField.REG12;
  private static final OxmField VERDICT = OxmField.REG13;

  private LogRecord() {}

  /**
   * The record of a packet that was read at a time; empty when it is not IP or has no verdict. Its
   * bytes are the frame's, and its direction is out where a guest of this host sent it.
   */
  static Optional<FlowRecord> read(PacketIn packet, Instant time) {
    Optional<Result> result = result(packet.value(VERDICT));
    Optional<Headers> headers = Headers.read(packet.frame().toArray());
    if (result.isEmpty() || headers.isEmpty()) {
      return Optional.empty();
    }
    boolean fromTunnel = packet.inPort() == Wanted.TUNNEL_OFPORT;
    return Optional.of(
        new FlowRecord(
            time.truncatedTo(ChronoUnit.MILLIS).toString(),
            (int) packet.value(UNIVERSE),
            (int) packet.value(SENDER),
            (int) packet.value(RECEIVER),
            headers.get().source(),
            headers.get().destination(),
            headers.get().transport(),
            result.get(),
            rules(packet, result.get()),
            packet.totalBytes(),
            Optional.of(fromTunnel ? Direction.IN : Direction.OUT)));
  }

  /** The verdict as the pipeline numbers it. */
  private static Optional<Result> result(long verdict) {
    return switch ((int) verdict) {
      case 1 -> Optional.of(Result.ALLOW);
      case 2 -> Optional.of(Result.DENY);
      case 3 -> Optional.of(Result.REJECT);
      case 4 -> Optional.of(Result.WOULD_ALLOW);
      case 5 -> Optional.of(Result.WOULD_DENY);
      default -> Optional.empty();
    };
  }

  /** The enforced rules, the sender's side first, or the one that is only being tried. */
  private static List<Long> rules(PacketIn packet, Result result) {
    boolean tried = result == Result.WOULD_ALLOW || result == Result.WOULD_DENY;
    LongStream rules =
        tried
            ? LongStream.of(packet.value(RULE_AUDIT))
            : LongStream.of(packet.value(RULE_OUT), packet.value(RULE_IN));
    return rules.filter(rule -> rule != 0).boxed().toList();
  }
}
