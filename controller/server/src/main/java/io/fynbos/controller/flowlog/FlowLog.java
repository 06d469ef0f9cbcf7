package io.fynbos.controller.flowlog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.controller.rules.RuleNames;
import io.fynbos.controller.rules.RuleText;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import io.fynbos.policy.report.FlowRecord;
import io.fynbos.policy.verdict.Transport;
import io.fynbos.policy.wire.HostReports;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Takes what hosts log, puts names to it, and hands it on: to the file, and to a ring of the newest
 * lines that readers pull from at their own pace. Callable from any thread.
 */
public final class FlowLog {

  /** Lines that are kept in memory for readers. */
  public static final int RECENT_LINES_MAX = 5_000;

  private final Supplier<Image> image;
  private final RuleNames names;
  private final FlowLogFile file;
  private final FlowLogGauges gauges;
  private final InstantSource clock;
  private final Set<Runnable> followers = ConcurrentHashMap.newKeySet();
  private final Deque<LogLine> recent = new ArrayDeque<>();
  private long last;

  /** An empty log. */
  public FlowLog(
      Supplier<Image> image,
      RuleNames names,
      FlowLogFile file,
      FlowLogGauges gauges,
      InstantSource clock) {
    this.image = image;
    this.names = names;
    this.file = file;
    this.gauges = gauges;
    this.clock = clock;
  }

  /** Takes a host's report. */
  public void take(HostName host, HostReports.FlowLog report) {
    Image now = image.get();
    StringBuilder text = new StringBuilder();
    List<LogLine> lines = new ArrayList<>();
    for (FlowRecord record : report.records()) {
      Optional<UniverseName> universe = universe(now, record);
      lines.add(new LogLine(0, "flow", universe, json(now, host, universe, record).toString()));
      gauges.logged(record.result().text());
    }
    if (report.dropped() > 0) {
      gauges.dropped(FlowLogGauges.Loss.HOST, report.dropped());
      lines.add(new LogLine(0, "dropped", Optional.empty(), dropped(host, report.dropped())));
    }
    lines.forEach(line -> text.append(line.json()).append('\n'));
    file.append(text.toString(), report.records().size());
    remember(lines);
    followers.forEach(Runnable::run);
  }

  private synchronized void remember(List<LogLine> lines) {
    for (LogLine line : lines) {
      recent.add(new LogLine(++last, line.event(), line.universe(), line.json()));
      if (recent.size() > RECENT_LINES_MAX) {
        recent.remove();
      }
    }
  }

  private String dropped(HostName host, long count) {
    String time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    return node.put("time", time).put("host", host.value()).put("dropped", count).toString();
  }

  // --- names ------------------------------------------------------------------------------------

  private static Optional<UniverseName> universe(Image image, FlowRecord record) {
    return entry(image, record.sender())
        .or(() -> entry(image, record.receiver()))
        .or(() -> anyOf(image, record.universe()))
        .filter(entry -> entry.number().number() == record.universe())
        .map(IdentityEntry::universe);
  }

  private static Optional<IdentityEntry> entry(Image image, int identity) {
    return identity < Identity.NUMBER_MIN || identity > Identity.NUMBER_MAX
        ? Optional.empty()
        : Optional.ofNullable(image.identities().get(new Identity(identity)));
  }

  private static Optional<IdentityEntry> anyOf(Image image, int universe) {
    if (universe < UniverseNumber.NUMBER_MIN || universe > UniverseNumber.NUMBER_MAX) {
      return Optional.empty();
    }
    return image.identitiesOf(new UniverseNumber(universe)).stream()
        .findFirst()
        .map(identity -> image.identities().get(identity));
  }

  private ObjectNode json(
      Image now, HostName host, Optional<UniverseName> universe, FlowRecord record) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("time", record.time()).put("host", host.value());
    universe.ifPresent(name -> node.put("universe", name.value()));
    end(now, universe, record.source(), record.sender(), "from", node);
    end(now, universe, record.destination(), record.receiver(), "to", node);
    node.put("source", record.source().toString());
    node.put("destination", record.destination().toString());
    transport(record.transport(), node);
    record.direction().ifPresent(direction -> node.put("direction", direction.text()));
    node.put("verdict", record.result().text());
    ArrayNode rules = node.putArray("rules");
    for (long rule : record.rules()) {
      ObjectNode one = rules.addObject();
      names
          .rule(now, rule)
          .ifPresentOrElse(
              found ->
                  one.put("policy", found.policy().toString())
                      .put("rule", found.index())
                      .put("text", found.text()),
              () -> one.put("number", rule));
    }
    return node.put("bytes", record.bytes());
  }

  /** The endpoint that has the address, and the groups that the switch judged it by. */
  private static void end(
      Image now,
      Optional<UniverseName> universe,
      IpAddress address,
      int identity,
      String field,
      ObjectNode node) {
    universe
        .flatMap(name -> now.endpointAt(name, address))
        .map(Endpoint::ref)
        .ifPresent(ref -> node.put(field, ref.toString()));
    entry(now, identity)
        .ifPresent(
            entry -> {
              ArrayNode groups = node.putArray(field + "Groups");
              entry.groups().forEach(group -> groups.add(group.value()));
            });
  }

  private static void transport(Transport transport, ObjectNode node) {
    node.put("protocol", RuleText.protocol(transport.protocol()));
    if (transport instanceof Transport.Ports ports) {
      node.put("sourcePort", ports.source()).put("destinationPort", ports.destination());
    } else if (transport instanceof Transport.Icmp icmp) {
      node.put("type", icmp.type()).put("code", icmp.code());
    }
  }

  // --- readers ----------------------------------------------------------------------------------

  /** Runs something whenever there are new lines, until it is left. */
  public void follow(Runnable wake) {
    followers.add(wake);
  }

  /** Ends a {@link #follow}. */
  public void leave(Runnable wake) {
    followers.remove(wake);
  }

  /** How many follow now. */
  public int followers() {
    return followers.size();
  }

  /** The number of the newest line; 0 when there is none. */
  public synchronized long newest() {
    return last;
  }

  /** The number of the oldest line that is still kept. */
  public synchronized long oldest() {
    LogLine first = recent.peek();
    return first == null ? last + 1 : first.number();
  }

  /** Up to some lines after a number, in order. */
  public synchronized List<LogLine> after(long number, int lines) {
    return recent.stream().filter(line -> line.number() > number).limit(lines).toList();
  }

  /** A reader was too slow to see some lines. */
  public void missed(long lines) {
    gauges.dropped(FlowLogGauges.Loss.READER, lines);
  }
}
