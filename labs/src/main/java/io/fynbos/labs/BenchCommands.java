package io.fynbos.labs;

import io.fynbos.labs.bench.Bench;
import io.fynbos.labs.bench.ResultTable;
import io.fynbos.labs.bench.micro.MicroBench;
import io.fynbos.labs.bench.ovn.OvnBench;
import io.fynbos.labs.runner.Progress;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fynbos lab bench}: what is measured, and against what. */
@Command(
    name = "bench",
    description = "Measures the product in a two-hosts lab of its own; takes some minutes.",
    mixinStandardHelpOptions = true)
final class BenchCommands implements Callable<Integer> {
  private static final int DONE = 0;

  /** A goal was not reached. */
  private static final int SHORT = 1;

  private final PrintStream out;
  private final PrintStream errors;

  @Option(names = "--markdown", description = "as docs/benchmarks.md has it")
  private boolean markdown;

  BenchCommands(PrintStream out, PrintStream errors) {
    this.out = out;
    this.errors = errors;
  }

  @Override
  public Integer call() {
    out.print(Bench.run(new Progress(errors), markdown));
    return DONE;
  }

  @Command(
      name = "ovn",
      description =
          "Builds the same network in OVN and in Fynbos, and compares; takes up to twenty minutes.",
      mixinStandardHelpOptions = true)
  int ovn(
      @Option(
              names = "--endpoints",
              paramLabel = "N",
              split = ",",
              defaultValue = "100,1000,10000",
              description = "how many endpoints, one run for each; default: ${DEFAULT-VALUE}")
          List<Integer> endpoints,
      @Option(names = "--markdown", description = "as docs/benchmarks.md has it") boolean asTable) {
    return print(OvnBench.run(endpoints, errors), asTable);
  }

  @Command(
      name = "jmh",
      description = "Measures single functions of the core with JMH; no lab is needed.",
      mixinStandardHelpOptions = true)
  int jmh(
      @Parameters(
              arity = "0..1",
              paramLabel = "NAME",
              description = "only benchmarks whose name contains this; absent: all")
          Optional<String> name,
      @Option(names = "--markdown", description = "as docs/benchmarks.md has it") boolean asTable) {
    return print(MicroBench.run(name, errors), asTable);
  }

  private int print(ResultTable table, boolean asTable) {
    out.print(asTable ? table.markdown() : table.text());
    return table.reached() ? DONE : SHORT;
  }
}
