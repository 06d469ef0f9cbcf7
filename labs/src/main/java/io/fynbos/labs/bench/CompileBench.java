package io.fynbos.labs.bench;

import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Revision;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long it takes to compile a large image, whole and after one change. */
final class CompileBench {
  private static final int HOSTS = 100;
  private static final int ENDPOINTS = 10_000;
  private static final int GROUPS = 200;
  private static final int POLICIES = 1_000;
  private static final int FULL_RUNS = 5;
  private static final int CHANGES = 200;
  private static final int GROUPS_IN_UNIVERSE = 20;

  private CompileBench() {}

  static void measure(BenchTable table) {
    Image image = GeneratedFabric.image(HOSTS, ENDPOINTS, GROUPS, POLICIES);
    Histogram full = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);
    long flows = 0;
    for (int i = 0; i < FULL_RUNS; i++) {
      long began = System.nanoTime();
      flows =
          EdgeCompiler.full(image).values().stream()
              .mapToLong(tables -> tables.flows().size())
              .sum();
      full.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
    }
    table.row(
        "full compile: %,d hosts, %,d endpoints, %,d groups, %,d policies → %,d flows"
            .formatted(HOSTS, ENDPOINTS, GROUPS, POLICIES, flows),
        "first %s, median %s"
            .formatted(
                BenchTable.millis(full.getMaxValue()),
                BenchTable.millis(full.getValueAtPercentile(50))),
        "≤ 2 s");
    Histogram incremental = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);
    for (int i = 0; i < CHANGES; i++) {
      List<Change> changes =
          GeneratedFabric.decided(
              image, GeneratedFabric.policy(i, i % 10, GROUPS_IN_UNIVERSE, 20_000 + i));
      Image next = image.apply(changes, new Revision(image.revision().number() + 1));
      long began = System.nanoTime();
      EdgeCompiler.deltas(image, next, changes);
      incremental.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
      image = next;
    }
    table.row("one rule changed in it: the deltas of all hosts", incremental, "≤ 5 ms");
  }
}
