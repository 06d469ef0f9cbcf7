package io.fynbos.labs.bench.micro;

import io.fynbos.controller.compile.Delta;
import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One change in the fabric of {@link FullCompute}: judged, applied, and made into flows. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xms1600m", "-Xmx1600m", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class OneChange {
  private Image image = Image.EMPTY;
  private int count;

  @Setup(Level.Trial)
  public void generate() {
    image =
        SmallUniverses.decided(
            new SmallUniverses(FullCompute.UNIVERSES, FullCompute.HOSTS).commands());
  }

  /** A rule gets another port, in another universe each time. */
  @Benchmark
  public Map<HostName, Delta> rule() {
    int universe = Math.floorMod(++count * 7919, FullCompute.UNIVERSES);
    Command command = SmallUniverses.policy(universe, 0, 10_000 + count % 20_000);
    List<Change> changes = SmallUniverses.changes(image, command);
    Image next = SmallUniverses.next(image, changes);
    Map<HostName, Delta> deltas = EdgeCompiler.deltas(image, next, changes);
    image = next;
    return deltas;
  }
}
