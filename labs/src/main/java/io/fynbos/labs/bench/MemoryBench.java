package io.fynbos.labs.bench;

import io.fynbos.labs.net.Command;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.ProcessRecord;
import io.fynbos.labs.topology.Topology;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the lab's own processes hold in memory. */
final class MemoryBench {
  private static final Pattern USED =
      Pattern.compile("def new generation.*?used (\\d+)K|tenured generation.*?used (\\d+)K");

  private MemoryBench() {}

  static void measure(Lab lab, BenchTable table) {
    Optional<ProcessRecord> controller = lab.process(Topology.CONTROLLER, "controller");
    table.row(
        "controller: resident, heap in use",
        mebibytes(controller.map(ProcessRecord::residentKibibytes).orElse(0L))
            + ", "
            + mebibytes(controller.map(MemoryBench::heapKibibytes).orElse(0L)),
        "≤ 300 MB");
    long agent =
        lab.topology().hosts().stream()
            .flatMap(host -> lab.process(host.name(), "agent").stream())
            .mapToLong(ProcessRecord::residentKibibytes)
            .max()
            .orElse(0);
    table.row("agent: resident, the larger of the two", mebibytes(agent), "≤ 120 MB");
  }

  private static long heapKibibytes(ProcessRecord process) {
    String jcmd = java.nio.file.Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Matcher used =
        USED.matcher(Command.of(jcmd, Long.toString(process.pid()), "GC.heap_info").run().output());
    long sum = 0;
    while (used.find()) {
      sum += Long.parseLong(Optional.ofNullable(used.group(1)).orElseGet(() -> used.group(2)));
    }
    return sum;
  }

  private static String mebibytes(long kibibytes) {
    return kibibytes / 1024 + " MiB";
  }
}
