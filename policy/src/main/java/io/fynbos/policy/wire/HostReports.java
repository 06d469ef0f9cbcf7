package io.fynbos.policy.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.report.FlowRecord;
import io.fynbos.policy.report.HostAnswer;
import io.fynbos.policy.report.TrackedConnection;
import io.fynbos.policy.verdict.Transport;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** What hosts tell of the packets they see: logs, claims, and answers to questions, as JSON. */
public final class HostReports {
  /** Records in one call. */
  public static final int RECORDS_MAX = 500;

  /** Claims in one call. */
  public static final int CLAIMS_MAX = 256;

  private static final int RULES_MAX = 16;
  private static final int NUMBER_MAX = 0xff_ffff;
  private static final int BYTES_MAX = 1 << 20;
  private static final String TIME = "a time in UTC such as 2026-05-01T10:15:30.123Z";
  private static final String TIME_PATTERN =
      "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z";

  private HostReports() {}

  // --- the flow log -----------------------------------------------------------------------------

  /**
   * Logged packets.
   *
   * @param dropped how many the host could not keep since its last report
   */
  public record FlowLog(List<FlowRecord> records, long dropped) {
    public FlowLog {
      records = List.copyOf(records);
    }
  }

  /** Reads {@code {"records": […], "dropped": n}}. */
  public static FlowLog readFlowLog(byte[] bytes) throws WireError {
    Fields fields = new At(Trees.readJson(bytes), "").object();
    fields.required("records");
    FlowLog log =
        new FlowLog(
            fields.list("records", RECORDS_MAX, HostReports::readRecord),
            fields.optional("dropped", at -> at.integer(0, Long.MAX_VALUE)).orElse(0L));
    fields.done();
    return log;
  }

  private static FlowRecord readRecord(At at) throws WireError {
    Fields fields = at.object();
    FlowRecord record =
        new FlowRecord(
            fields.required("time", time -> time.parsed(TIME, HostReports::time)),
            fields.required("universe", HostReports::number),
            fields.required("sender", HostReports::number),
            fields.required("receiver", HostReports::number),
            fields.required("source", Values::address),
            fields.required("destination", Values::address),
            readTransport(fields),
            fields.required(
                "verdict", v -> v.word(FlowRecord.Result.values(), FlowRecord.Result::text)),
            fields.list("rules", RULES_MAX, rule -> rule.integer(0L, (1L << 48) - 1)),
            fields.required("bytes", bytes -> bytes.integer(0, BYTES_MAX)),
            fields.optional("direction", d -> d.word(Direction.values(), Direction::toString)));
    fields.done();
    return record;
  }

  private static String time(String text) {
    if (!text.matches(TIME_PATTERN)) {
      throw new IllegalArgumentException("it is written as RFC 3339 has it, ending in Z");
    }
    return text;
  }

  private static int number(At at) throws WireError {
    return at.integer(0, NUMBER_MAX);
  }

  public static byte[] writeFlowLog(FlowLog log) {
    ObjectNode node = Tree.object();
    node.set("records", Tree.objects(log.records(), HostReports::writeRecord));
    node.put("dropped", log.dropped());
    return Print.json(node);
  }

  private static ObjectNode writeRecord(FlowRecord record) {
    ObjectNode node = Tree.object();
    node.put("time", record.time());
    node.put("universe", record.universe());
    node.put("sender", record.sender()).put("receiver", record.receiver());
    node.put("source", record.source().toString());
    node.put("destination", record.destination().toString());
    writeTransport(record.transport(), node);
    node.put("verdict", record.result().text());
    ArrayNode rules = node.putArray("rules");
    record.rules().forEach(rules::add);
    node.put("bytes", record.bytes());
    record.direction().ifPresent(direction -> node.put("direction", direction.toString()));
    return node;
  }

  // --- protocol, ports, types -------------------------------------------------------------------

  /** Fields of a packet whose ports or type are not known, a later fragment's, are 0. */
  private static Transport readTransport(Fields fields) throws WireError {
    int protocol = fields.required("protocol", at -> at.integer(0, Service.PROTOCOL_MAX));
    int sourcePort = fields.optional("sourcePort", HostReports::port).orElse(0);
    int destinationPort = fields.optional("destinationPort", HostReports::port).orElse(0);
    int type = fields.optional("type", HostReports::octet).orElse(0);
    int code = fields.optional("code", HostReports::octet).orElse(0);
    if (Service.hasPorts(protocol)) {
      return new Transport.Ports(protocol, sourcePort, destinationPort);
    }
    return Service.isIcmp(protocol)
        ? new Transport.Icmp(protocol, type, code)
        : new Transport.Other(protocol);
  }

  private static int port(At at) throws WireError {
    return at.integer(0, 0xffff);
  }

  private static int octet(At at) throws WireError {
    return at.integer(0, 0xff);
  }

  /** Puts the protocol, and the ports or the type and code that it has. */
  static void writeTransport(Transport transport, ObjectNode node) {
    node.put("protocol", transport.protocol());
    if (transport instanceof Transport.Ports ports) {
      node.put("sourcePort", ports.source()).put("destinationPort", ports.destination());
    } else if (transport instanceof Transport.Icmp icmp) {
      node.put("type", icmp.type()).put("code", icmp.code());
    }
  }

  // --- claims -----------------------------------------------------------------------------------

  /**
   * An endpoint was heard to say that a shared address is its own.
   *
   * @param ageMillis how long ago that was
   */
  public record Claim(UUID id, IpAddress address, long ageMillis) {}

  /** Reads {@code {"claims": [{"id", "address", "ageMillis"}]}}. */
  public static List<Claim> readClaims(byte[] bytes) throws WireError {
    Fields fields = new At(Trees.readJson(bytes), "").object();
    fields.required("claims");
    List<Claim> claims = fields.list("claims", CLAIMS_MAX, HostReports::readClaim);
    fields.done();
    return claims;
  }

  private static Claim readClaim(At at) throws WireError {
    Fields fields = at.object();
    Claim claim =
        new Claim(
            fields.required("id", Values::uuid),
            fields.required("address", Values::address),
            fields.optional("ageMillis", age -> age.integer(0, Long.MAX_VALUE)).orElse(0L));
    fields.done();
    return claim;
  }

  public static byte[] writeClaims(Collection<Claim> claims) {
    ObjectNode node = Tree.object();
    node.set(
        "claims",
        Tree.objects(
            claims,
            claim ->
                Tree.object()
                    .put("id", claim.id().toString())
                    .put("address", claim.address().toString())
                    .put("ageMillis", claim.ageMillis())));
    return Print.json(node);
  }

  // --- answers ----------------------------------------------------------------------------------

  /**
   * Reads an answer: {@code {"text"}}, {@code {"connections": […], "truncated"}} or {@code
   * {"error"}}.
   */
  public static HostAnswer readAnswer(byte[] bytes) throws WireError {
    At whole = new At(Trees.readJson(bytes), "");
    Fields fields = whole.object();
    HostAnswer answer;
    if (fields.optional("error").isPresent()) {
      answer = new HostAnswer.Failure(fields.required("error", At::text));
    } else if (fields.optional("text").isPresent()) {
      answer = new HostAnswer.Text(fields.required("text", At::text));
    } else {
      fields.required("connections");
      answer =
          new HostAnswer.Connections(
              fields.list(
                  "connections",
                  HostAnswer.Connections.CONNECTIONS_MAX,
                  HostReports::readConnection),
              fields.optional("truncated", At::bool).orElse(false));
    }
    fields.done();
    return answer;
  }

  private static TrackedConnection readConnection(At at) throws WireError {
    Fields fields = at.object();
    TrackedConnection connection =
        new TrackedConnection(
            fields.required("zone", zone -> zone.integer(0, 0xffff)),
            fields.required("source", Values::address),
            fields.required("destination", Values::address),
            readTransport(fields));
    fields.done();
    return connection;
  }

  public static byte[] writeAnswer(HostAnswer answer) {
    ObjectNode node = Tree.object();
    if (answer instanceof HostAnswer.Failure failure) {
      node.put("error", failure.error());
    } else if (answer instanceof HostAnswer.Text text) {
      node.put("text", text.text());
    } else {
      HostAnswer.Connections found = (HostAnswer.Connections) answer;
      node.set("connections", Tree.objects(found.connections(), HostReports::writeConnection));
      node.put("truncated", found.truncated());
    }
    return Print.json(node);
  }

  private static ObjectNode writeConnection(TrackedConnection connection) {
    ObjectNode node = Tree.object();
    node.put("zone", connection.zone());
    node.put("source", connection.source().toString());
    node.put("destination", connection.destination().toString());
    writeTransport(connection.transport(), node);
    return node;
  }
}
