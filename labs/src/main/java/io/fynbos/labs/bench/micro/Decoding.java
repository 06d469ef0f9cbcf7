package io.fynbos.labs.bench.micro;

import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.wire.Documents;
import io.fynbos.policy.wire.WireError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
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

/** Reading what comes over the wires: documents from the API, flows from a switch. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class Decoding {
  private static final int FLOWS_IN_REPLY = 200;
  private static final int XID = 1;

  private byte[] documents = {};
  private ByteBuf reply = Unpooled.EMPTY_BUFFER;

  @Setup(Level.Trial)
  public void generate() {
    documents = OneUniverse.documents(Questions.ENDPOINTS, Questions.GROUPS, Questions.POLICIES);
    Image image = SmallUniverses.decided(new SmallUniverses(100, 4).commands());
    HostName host = image.hosts().firstKey();
    List<FlowEntry> flows = EdgeCompiler.full(image, host).flows();
    List<FlowStats> held = new ArrayList<>();
    for (FlowEntry flow : flows.subList(flows.size() - FLOWS_IN_REPLY, flows.size())) {
      held.add(new FlowStats(flow, 1_000, 100_000, Duration.ofSeconds(60), Duration.ofSeconds(1)));
    }
    reply = Unpooled.buffer();
    FlowStats.encodeReply(held, false, XID, reply);
  }

  /** 1,601 JSON documents, checked: what one call of apply reads. */
  @Benchmark
  public List<Edit> documents() throws WireError {
    return Documents.parse(documents);
  }

  /** One message with 200 flows and their counters, as a switch is read back. */
  @Benchmark
  public List<FlowStats> flows() {
    List<FlowStats> held = new ArrayList<>(FLOWS_IN_REPLY);
    FlowStats.decodeReply(reply.duplicate(), held);
    return held;
  }
}
