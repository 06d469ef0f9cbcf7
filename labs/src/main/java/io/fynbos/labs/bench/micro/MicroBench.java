package io.fynbos.labs.bench.micro;

import io.fynbos.labs.bench.ResultTable;
import io.fynbos.labs.runner.LabException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.MemPoolProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks of this package, each in a JVM of its own, and tells what came out. */
public final class MicroBench {
  private static final double KIBIBYTE = 1 << 10;
  private static final double MEBIBYTE = 1 << 20;

  /**
   * What is measured.
   *
   * @param method class and method, as JMH writes them
   * @param limit the most that it may take, in the benchmark's own unit; none where there is no
   *     goal
   */
  private record Subject(String method, String what, Optional<Double> limit) {}

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject(
              "FullCompute.state",
              "100,000 endpoints, 75,000 policies, 25,000 universes: the state, as Antrea",
              Optional.of(5_000.0)),
          new Subject(
              "FullCompute.flows", "… and every flow of its 1,000 hosts", Optional.of(5_000.0)),
          new Subject(
              "OneChange.rule",
              "one rule changed in it: judged, applied, flows of all hosts",
              Optional.of(10_000.0)),
          new Subject(
              "Questions.reach",
              "exact reach of 1,000 endpoints, 100 groups, 500 policies, by classes",
              Optional.of(1_000_000.0)),
          new Subject(
              "Questions.reachOfPairs", "… and every pair told one by one", Optional.empty()),
          new Subject("Questions.judge", "the oracle's verdict on a packet", Optional.empty()),
          new Subject(
              "Decoding.documents",
              "reading and checking 1,601 documents (JSON)",
              Optional.empty()),
          new Subject(
              "Decoding.flows", "reading 200 flows from a switch (OpenFlow)", Optional.empty()));

  private MicroBench() {}

  /**
   * Runs them; JMH tells its progress to {@code errors}.
   *
   * @param name only benchmarks whose name contains this
   * @return one row for each
   */
  public static ResultTable run(Optional<String> name, PrintStream errors) {
    OptionsBuilder options = new OptionsBuilder();
    String prefix = Pattern.quote(MicroBench.class.getPackageName() + ".");
    options.include(prefix + ".*" + name.map(Pattern::quote).orElse("") + ".*");
    options.addProfiler(MemPoolProfiler.class);
    options.shouldFailOnError(true);
    options.jvmArgsAppend("-Dlogback.configurationFile=io/fynbos/labs/logback.xml");
    try {
      ResultTable table = new ResultTable(List.of("what", "measured", "goal"));
      var results =
          new Runner(
                  options.build(),
                  OutputFormatFactory.createFormatInstance(errors, VerboseMode.NORMAL))
              .run();
      results.forEach(result -> row(result, table));
      return table;
    } catch (NoBenchmarksException e) {
      throw new LabException(
          "no benchmark's name contains '%s'; there are: %s"
              .formatted(
                  name.orElse(""),
                  String.join(", ", SUBJECTS.stream().map(Subject::method).toList())),
          e);
    } catch (RunnerException e) {
      throw new LabException("JMH: " + e.getMessage(), e);
    }
  }

  private static void row(RunResult result, ResultTable table) {
    String method =
        result.getParams().getBenchmark().substring(MicroBench.class.getPackageName().length() + 1);
    Subject subject =
        SUBJECTS.stream()
            .filter(each -> each.method().equals(method))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(method + " is not described"));
    Result<?> score = result.getPrimaryResult();
    String unit = score.getScoreUnit().replace("/op", "");
    double error = score.getScoreError();
    String measured =
        "%s%s %s, heap at most %.0f MiB"
            .formatted(
                number(score.getScore()),
                Double.isNaN(error) ? "" : " ± " + number(error),
                unit,
                heap(result) / MEBIBYTE);
    table.row(
        subject.limit().map(limit -> score.getScore() <= limit),
        subject.what(),
        measured,
        subject.limit().map(limit -> "≤ " + number(limit) + " " + unit).orElse(""));
  }

  @SuppressWarnings("rawtypes") // JMH's own map
  private static double heap(RunResult result) {
    for (var more : result.getSecondaryResults().entrySet()) {
      if (more.getKey().contains("total.used")) {
        return more.getValue().getScore() * KIBIBYTE;
      }
    }
    return 0;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
  }
}
