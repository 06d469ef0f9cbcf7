package io.fynbos.labs.check;

import io.fynbos.labs.runner.Progress;
import io.fynbos.labs.runner.TextTable;
import io.fynbos.labs.topology.Topology.Guest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a check found: who reached whom on what, and where that differs from what must be. */
public final class CheckReport {
  private static final int DIFFERENCES_SHOWN_MAX = 40;

  private final List<Guest> guests;
  private final SortedSet<ProbeService> services;
  private final List<Outcome> outcomes;
  private final Duration took;

  CheckReport(
      List<Guest> guests, SortedSet<ProbeService> services, List<Outcome> outcomes, Duration took) {
    this.guests = List.copyOf(guests);
    this.services = services;
    this.outcomes = List.copyOf(outcomes);
    this.took = took;
  }

  /** Every difference, in words. */
  public List<String> differences() {
    return outcomes.stream().flatMap(outcome -> outcome.difference().stream()).toList();
  }

  /** The pairs between which something got through: {@code blue/web1 blue/db1}. */
  public SortedSet<String> pairs() {
    return outcomes.stream()
        .filter(outcome -> !outcome.arrivedAt().isEmpty())
        .flatMap(
            outcome ->
                outcome.probe().receiver().stream()
                    .map(to -> outcome.probe().sender().endpointText() + " " + to.endpointText()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  public int probes() {
    return outcomes.size();
  }

  public Duration took() {
    return took;
  }

  /** How many probes arrived where they should. */
  public long arrived() {
    return outcomes.stream().filter(outcome -> !outcome.arrivedAt().isEmpty()).count();
  }

  /** The matrix, what is in its cells, and the differences. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("Services probed: ").append(join(services)).append("\n\n");
    text.append(matrix()).append('\n').append(legend());
    List<String> differences = differences();
    differences.stream()
        .limit(DIFFERENCES_SHOWN_MAX)
        .forEach(difference -> text.append("DIFFERENCE ").append(difference).append('\n'));
    if (differences.size() > DIFFERENCES_SHOWN_MAX) {
      text.append("… and ").append(differences.size() - DIFFERENCES_SHOWN_MAX).append(" more\n");
    }
    text.append(
        "%n%d packets sent in%s: %d arrived, %d stayed out, %s%n"
            .formatted(
                probes(),
                Progress.seconds(took),
                arrived(),
                probes() - arrived(),
                differences.isEmpty()
                    ? "no difference from what the policies say"
                    : differences.size() + " DIFFERENCES from what the policies say"));
    return text.toString();
  }

  /** Rows send, columns receive; a cell's number stands for a set of services. */
  private String matrix() {
    List<String> head = new ArrayList<>();
    head.add("from \\ to");
    guests.forEach(guest -> head.add(guest.endpointText()));
    TextTable table = new TextTable(head);
    List<String> sets = serviceSets();
    for (Guest from : guests) {
      List<String> row = new ArrayList<>();
      row.add(from.endpointText());
      for (Guest to : guests) {
        row.add(cell(from, to, sets));
      }
      table.row(row.toArray(String[]::new));
    }
    return table.toString();
  }

  private String cell(Guest from, Guest to, List<String> sets) {
    if (from.equals(to)) {
      return "-";
    }
    String got = services(from, to);
    String mark = differs(from, to) ? "!" : "";
    return mark + (got.isEmpty() ? "." : setName(sets.indexOf(got)));
  }

  private boolean differs(Guest from, Guest to) {
    return outcomes.stream()
        .filter(outcome -> outcome.probe().sender().equals(from))
        .filter(
            outcome ->
                outcome.probe().receiver().equals(Optional.of(to))
                    || outcome.arrivedAt().contains(to.name()))
        .anyMatch(outcome -> outcome.difference().isPresent());
  }

  /** What got from one to the other, and what was rejected, as one text. */
  private String services(Guest from, Guest to) {
    List<Outcome> between =
        outcomes.stream()
            .filter(outcome -> outcome.probe().sender().equals(from))
            .filter(
                outcome ->
                    outcome.arrivedAt().contains(to.name())
                        || outcome.probe().receiver().equals(Optional.of(to)))
            .toList();
    return Stream.of(
            services(between, outcome -> outcome.arrivedAt().contains(to.name()), ""),
            services(between, Outcome::rejected, " R"))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(", "));
  }

  /** The services of these outcomes, with the family where it was only one. */
  private static String services(
      List<Outcome> between, Predicate<Outcome> which, String afterwards) {
    SortedSet<ProbeService> v4 = new TreeSet<>();
    SortedSet<ProbeService> v6 = new TreeSet<>();
    between.stream()
        .filter(which)
        .map(Outcome::probe)
        .forEach(probe -> (probe.v6() ? v6 : v4).add(probe.service()));
    SortedSet<ProbeService> both = new TreeSet<>(v4);
    both.addAll(v6);
    return both.stream()
        .map(
            service -> {
              boolean onlyV4 = service.fits(true) && !v6.contains(service);
              boolean onlyV6 = service.fits(false) && !v4.contains(service);
              return service + (onlyV4 ? " (IPv4)" : onlyV6 ? " (IPv6)" : "") + afterwards;
            })
        .collect(Collectors.joining(", "));
  }

  private List<String> serviceSets() {
    SortedSet<String> sets = new TreeSet<>();
    for (Guest from : guests) {
      for (Guest to : guests) {
        sets.add(services(from, to));
      }
    }
    sets.remove("");
    return List.copyOf(sets);
  }

  private String legend() {
    StringBuilder text = new StringBuilder("   .  nothing gets through\n");
    List<String> sets = serviceSets();
    if (sets.stream().anyMatch(set -> set.contains(" R"))) {
      text.append("   R  rejected: it stayed out, and its sender was told\n");
    }
    for (int i = 0; i < sets.size(); i++) {
      text.append("%4s  %s%n".formatted(setName(i), sets.get(i)));
    }
    return text.toString();
  }

  private static String setName(int index) {
    return index < 26 ? String.valueOf((char) ('A' + index)) : "S" + index;
  }

  private static String join(SortedSet<ProbeService> services) {
    return services.stream().map(ProbeService::toString).collect(Collectors.joining(" "));
  }
}
