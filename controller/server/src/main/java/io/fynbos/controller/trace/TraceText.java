package io.fynbos.controller.trace;

import io.fynbos.controller.pipeline.Router;
import io.fynbos.controller.pipeline.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code ofproto/trace} printed (ovs-vswitchd(8)): the flows that a packet matched, in order,
 * and where it left. Lines that are not understood are passed over.
 *
 * @param steps the tables it went through
 * @param ports that it left by
 * @param error what the switch said in place of a trace
 */
record TraceText(List<Step> steps, List<Integer> ports, Optional<String> error) {

  /** Steps of one trace that are kept. */
  static final int STEPS_MAX = 200;

  private static final Pattern STEP =
      Pattern.compile(
          "^ *(\\d{1,3})\\. (No match\\.|(.*?), ?priority (\\d{1,5})|priority (\\d{1,5})).*$");
  private static final Pattern COOKIE = Pattern.compile(", cookie (0x[0-9a-fA-F]{1,16})");
  private static final Pattern OUTPUT = Pattern.compile("^ *output:(\\d{1,5})$");
  private static final Pattern BRIDGE = Pattern.compile("^bridge\\(\"(.*)\"\\)$");
  private static final Pattern FLOW = Pattern.compile("(?m)^Flow: ");

  /**
   * One table.
   *
   * @param match of the flow that took it; empty when no flow did
   * @param cookie of that flow; 0 when it has none
   */
  record Step(int table, Optional<String> match, int priority, long cookie) {}

  TraceText {
    steps = List.copyOf(steps);
    ports = List.copyOf(ports);
  }

  static TraceText parse(String text) {
    if (!FLOW.matcher(text).find()) {
      String first = text.strip().lines().findFirst().orElse("nothing");
      return new TraceText(List.of(), List.of(), Optional.of("its switch says: " + first));
    }
    List<Step> steps = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (String line : ofFirstBridge(text)) {
      Matcher output = OUTPUT.matcher(line);
      if (output.matches()) {
        ports.add(Integer.valueOf(output.group(1)));
      }
      Matcher step = STEP.matcher(line);
      if (step.matches() && steps.size() < STEPS_MAX) {
        steps.add(step(step, line));
      }
    }
    return new TraceText(steps, ports, Optional.empty());
  }

  /** What leaves by a tunnel goes on through the underlay's bridge, whose tables are not ours. */
  private static List<String> ofFirstBridge(String text) {
    List<String> lines = new ArrayList<>();
    String first = "";
    String at = "";
    for (String line : text.lines().toList()) {
      Matcher bridge = BRIDGE.matcher(line.strip());
      if (bridge.matches()) {
        at = bridge.group(1);
        first = first.isEmpty() ? at : first;
      }
      if (at.equals(first)) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static Step step(Matcher matcher, String line) {
    int table = Integer.parseInt(matcher.group(1));
    String priority = matcher.group(4) != null ? matcher.group(4) : matcher.group(5);
    if (priority == null) {
      return new Step(table, Optional.empty(), 0, 0);
    }
    Matcher cookie = COOKIE.matcher(line);
    long value = cookie.find() ? Long.parseUnsignedLong(cookie.group(1).substring(2), 16) : 0;
    String match = matcher.group(3) == null ? "" : matcher.group(3);
    return new Step(table, Optional.of(match), Integer.parseInt(priority), value);
  }

  /** Whether it went to another host. */
  boolean tunnelled() {
    return ports.contains(Router.TUNNEL_PORT);
  }

  /** Whether it reached a guest here. */
  boolean delivered() {
    return ports.stream().anyMatch(port -> port != Router.TUNNEL_PORT);
  }

  /** Whether its sender is told. */
  boolean rejected() {
    return steps.stream().anyMatch(step -> step.table() == Table.REJECT.id());
  }
}
