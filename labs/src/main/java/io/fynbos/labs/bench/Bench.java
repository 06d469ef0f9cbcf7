package io.fynbos.labs.bench;

import io.fynbos.labs.net.Machine;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.runner.Progress;
import io.fynbos.labs.runner.Removal;
import io.fynbos.labs.runner.Startup;
import io.fynbos.labs.runner.Topologies;
import io.fynbos.labs.topology.Topology;
import java.util.List;

/** Everything that is measured, in a two-hosts lab of its own. */
public final class Bench {
  private static final String LAB = "bench";

  private Bench() {}

  /**
   * Measures, and takes the lab away again.
   *
   * @return the table, as markdown or for a terminal
   */
  public static String run(Progress progress, boolean markdown) {
    if (!Machine.missing(List.of("iperf3", "ping", "ss")).isEmpty()) {
      throw new LabException("iperf3, ping and ss are needed; install them: sudo ./fynbos setup");
    }
    Topology twoHosts = Topologies.find("two-hosts");
    Lab lab =
        Startup.up(
            new Topology(LAB, twoHosts.hosts(), twoHosts.guests(), twoHosts.documents()), progress);
    BenchTable table = new BenchTable();
    try (ControllerApi api = lab.api()) {
      RuleBench.measure(api, table);
      progress.done("rules");
      AttachBench.measure(lab, table);
      progress.done("attaching");
      MemoryBench.measure(lab, table);
      ThroughputBench.measure(lab, api, table);
      progress.done("throughput");
    } finally {
      Removal.of(LAB);
    }
    CompileBench.measure(table);
    progress.done("compiler");
    return markdown ? table.markdown() : table.text();
  }
}
