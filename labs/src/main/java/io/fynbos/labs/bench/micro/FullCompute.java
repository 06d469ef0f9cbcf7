package io.fynbos.labs.bench.micro;

import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import java.util.List;
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

/**
 * 100,000 endpoints with 75,000 policies in 25,000 universes on 1,000 hosts, from nothing. The heap
 * is held to 1.6 GB: a call that needs more fails.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xms1600m", "-Xmx1600m", "-XX:+UseSerialGC"})
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class FullCompute {
  static final int UNIVERSES = 25_000;
  static final int HOSTS = 1_000;

  private List<Command> commands = List.of();
  private Image image = Image.EMPTY;

  @Setup(Level.Trial)
  public void generate() {
    commands = new SmallUniverses(UNIVERSES, HOSTS).commands();
    image = SmallUniverses.decided(commands);
  }

  /**
   * The state: every document checked, every number given, groups, identities, and which hosts need
   * each policy. This is what Antrea's controller computes in its benchmark.
   */
  @Benchmark
  public Image state() {
    image = Image.EMPTY;
    image = SmallUniverses.decided(commands);
    return image;
  }

  /** From that state every flow of every host, one host after the other. */
  @Benchmark
  public long flows() {
    long flows = 0;
    for (HostName host : image.hosts().keySet()) {
      flows += EdgeCompiler.full(image, host).flows().size();
    }
    return flows;
  }
}
