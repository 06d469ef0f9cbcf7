package io.fynbos.labs.bench.micro;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.reach.Reach;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.verdict.Transport;
import io.fynbos.policy.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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

/** What is asked of a universe with 1,000 endpoints, 100 groups and 500 policies. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class Questions {
  static final int ENDPOINTS = 1_000;
  static final int GROUPS = 100;
  static final int POLICIES = 500;
  private static final int PACKETS = 1 << 12;
  private static final int TCP = 6;

  private Image image = Image.EMPTY;
  private List<Packet> packets = List.of();
  private int next;

  @Setup(Level.Trial)
  public void generate() {
    image = OneUniverse.image(OneUniverse.documents(ENDPOINTS, GROUPS, POLICIES));
    List<EndpointRef> refs = List.copyOf(image.endpoints().keySet());
    Random random = new Random(1);
    List<Packet> some = new ArrayList<>();
    while (some.size() < PACKETS) {
      Endpoint from = image.endpoint(refs.get(random.nextInt(refs.size()))).orElseThrow();
      Endpoint to = image.endpoint(refs.get(random.nextInt(refs.size()))).orElseThrow();
      int family = random.nextInt(2);
      Transport tcp = new Transport.Ports(TCP, 40_000, 1_024 + random.nextInt(30_000));
      some.add(
          Packet.between(from, from.addresses().get(family), to, to.addresses().get(family), tcp));
    }
    packets = List.copyOf(some);
  }

  /** The exact reach, by classes of endpoints that no rule tells apart. */
  @Benchmark
  public Reach reach() {
    return Reach.of(image, OneUniverse.NAME);
  }

  /** The same, and every pair of endpoints that may talk told one by one. */
  @Benchmark
  public long reachOfPairs() {
    LongAdder ways = new LongAdder();
    Reach.of(image, OneUniverse.NAME).forEachWay(way -> ways.increment());
    return ways.sum();
  }

  /** The oracle's verdict on one packet. */
  @Benchmark
  public Verdict judge() {
    next = (next + 1) % PACKETS;
    return Oracle.judge(image, packets.get(next));
  }
}
