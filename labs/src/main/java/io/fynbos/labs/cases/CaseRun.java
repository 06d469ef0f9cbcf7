package io.fynbos.labs.cases;

import io.fynbos.labs.runner.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What came of playing some tables. */
public final class CaseRun {
  private static final int DIFFERENCES_SHOWN_MAX = 10;

  /** What came of one case. */
  public record Result(String table, Case played, int packets, List<String> differences) {
    public Result {
      differences = List.copyOf(differences);
    }
  }

  private final List<Result> results;
  private final Duration took;

  private CaseRun(List<Result> results, Duration took) {
    this.results = List.copyOf(results);
    this.took = took;
  }

  /** Asks the oracle about every packet. */
  public static CaseRun byOracle(List<CaseTable> tables) {
    return of(tables, Case::differencesFromOracle);
  }

  /** Sends every packet, in a lab of this name that is there for it only. */
  public static CaseRun inLab(String name, List<CaseTable> tables, Progress progress) {
    try (CaseLab lab = CaseLab.up(name, tables, progress)) {
      return of(tables, lab::play);
    }
  }

  private static CaseRun of(List<CaseTable> tables, Function<Case, List<String>> play) {
    long began = System.nanoTime();
    List<Result> results = new ArrayList<>();
    for (CaseTable table : tables) {
      for (Case each : table.cases()) {
        List<String> differences = play.apply(each);
        results.add(new Result(table.title(), each, each.packets().size(), differences));
      }
    }
    return new CaseRun(results, Duration.ofNanos(System.nanoTime() - began));
  }

  /** How many packets were not what the tables say. */
  public int differences() {
    return results.stream().mapToInt(result -> result.differences().size()).sum();
  }

  /** One line for each case, its differences under it, and the sum. */
  public String text() {
    StringBuilder text = new StringBuilder();
    String table = "";
    for (Result result : results) {
      if (!result.table().equals(table)) {
        table = result.table();
        text.append(table).append('\n');
      }
      text.append(
          "  %-4s %4d packets  %s%n"
              .formatted(
                  result.differences().isEmpty() ? "ok" : "NOT",
                  result.packets(),
                  result.played().name()));
      result.differences().stream()
          .limit(DIFFERENCES_SHOWN_MAX)
          .forEach(each -> text.append("         DIFFERENCE ").append(each).append('\n'));
    }
    return text.append(
            "%d cases, %d packets, %d differences in%s%n"
                .formatted(
                    results.size(),
                    results.stream().mapToInt(Result::packets).sum(),
                    differences(),
                    Progress.seconds(took)))
        .toString();
  }
}
