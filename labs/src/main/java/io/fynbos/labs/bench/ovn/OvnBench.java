package io.fynbos.labs.bench.ovn;

import io.fynbos.labs.bench.ResultTable;
import io.fynbos.labs.bench.ovn.Trial.Measured;
import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Machine;
import io.fynbos.labs.runner.ControllerApi.ControllerGone;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.runner.Progress;
import io.fynbos.labs.runner.Removal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The comparison with OVN: all sizes, one side after the other, then throughput side by side. */
public final class OvnBench {
  private static final int ENDPOINTS_MAX = 10_000;
  private static final int THROUGHPUT_ENDPOINTS = 1_000;

  /** No size is begun after this; it leaves time to end below twenty minutes. */
  private static final Duration LAST_BEGIN = Duration.ofMinutes(14);

  private final Progress progress;

  private OvnBench(PrintStream errors) {
    this.progress = new Progress(errors);
  }

  /**
   * Measures with these numbers of endpoints, tells its progress to {@code errors}, and takes all
   * of it away again.
   *
   * @throws LabException when something is missing on the machine, or a side does not work
   */
  public static ResultTable run(List<Integer> sizes, PrintStream errors) {
    check(sizes);
    // Also when it is interrupted; whoever kills it finds `fynbos lab down`.
    Runtime.getRuntime().addShutdownHook(new Thread(OvnBench::takeAway, "removal"));
    try {
      return new OvnBench(errors).run(sizes);
    } finally {
      takeAway();
    }
  }

  private static void check(List<Integer> sizes) {
    for (int size : sizes) {
      if (size < Network.ENDPOINTS_MIN || size > ENDPOINTS_MAX) {
        throw new LabException(
            "%d endpoints: between %d and %d are measured"
                .formatted(size, Network.ENDPOINTS_MIN, ENDPOINTS_MAX));
      }
    }
    OvnDaemons.check();
    List<String> missing = Machine.missing(List.of("iperf3", "ping", "ss"));
    if (!missing.isEmpty()) {
      throw new LabException(
          "missing on this machine: %s; install them: sudo ./fynbos setup"
              .formatted(String.join(", ", missing)));
    }
  }

  private static void takeAway() {
    Removal.of(OvnFabric.LAB);
    Removal.of(FynbosFabric.LAB);
  }

  private ResultTable run(List<Integer> sizes) {
    OvnReport report = new OvnReport();
    SortedMap<Integer, Measured> ours = new TreeMap<>();
    for (int size : sizes) {
      String what = "%,d endpoints".formatted(size);
      attempt(
          what,
          report,
          () -> {
            Network network = Network.of(size);
            Measured theirs = trial(OvnFabric::up, network);
            Measured our = trial(FynbosFabric::up, network);
            ours.put(size, our);
            report.size(size, our, theirs);
          });
    }
    report.flatness(ours);
    attempt("throughput", report, () -> throughput(report));
    return report.table();
  }

  /**
   * Does one part; what fails, or is not begun for want of time, does not take the others along.
   */
  private void attempt(String what, OvnReport report, Runnable part) {
    if (progress.elapsed().compareTo(LAST_BEGIN) > 0) {
      report.missing(what, "no time was left");
      return;
    }
    try {
      part.run();
    } catch (LabException | Command.Failed | ControllerGone e) {
      progress.done(what + ": " + e.getMessage());
      report.missing(what, String.valueOf(e.getMessage()));
      takeAway();
    }
  }

  private Measured trial(BiFunction<Network, Progress, Fabric> up, Network network) {
    try (Fabric fabric = up.apply(network, progress)) {
      return Trial.of(fabric, network, progress);
    }
  }

  private void throughput(OvnReport report) {
    Network network = Network.of(THROUGHPUT_ENDPOINTS);
    try (Fabric ovn = OvnFabric.up(network, progress);
        Fabric fynbos = FynbosFabric.up(network, progress)) {
      ovn.load(network);
      fynbos.load(network);
      report.throughput(
          "one host",
          Throughput.measure(fynbos.lab(), ovn.lab(), Sites.localServer(), network.localServer()));
      report.throughput(
          "two hosts",
          Throughput.measure(
              fynbos.lab(), ovn.lab(), Sites.remoteServer(), network.remoteServer()));
    }
    progress.done("throughput");
  }
}
