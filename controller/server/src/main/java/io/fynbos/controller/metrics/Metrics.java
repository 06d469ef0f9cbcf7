package io.fynbos.controller.metrics;

import io.fynbos.controller.core.Controller;
import io.fynbos.controller.flowlog.FlowLogGauges;
import io.fynbos.controller.reconcile.FleetGauges;
import io.fynbos.controller.reconcile.HostStatus;
import io.fynbos.controller.reconcile.Progress;
import io.fynbos.controller.rules.HitCounters;
import io.fynbos.policy.model.Revision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The controller's meters. Thread-safe. */
public final class Metrics implements Controller.Gauges, FleetGauges, FlowLogGauges, AutoCloseable {

  private static final Duration[] LATENCIES = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(200),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Timer commitLatency =
      timer("fynbos.commit", "From the first command of a batch decided to its commit durable");
  private final Counter commits = counter("fynbos.commits", "Revisions made");
  private final Timer bundleLatency =
      timer("fynbos.bundle", "From a bundle sent to its barrier answered");
  private final Counter bundleMods = counter("fynbos.bundle.mods", "Flow and group changes sent");
  private final Counter refused = counter("fynbos.bundles.refused", "Bundles a switch refused");
  private final Counter missing = drift("missing");
  private final Counter stale = drift("stale");
  private final Counter foreign = drift("foreign");

  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** Watches the queue of the event thread and the newest revision. */
  public void watch(Controller controller) {
    gauge("fynbos.queue", "Commands that wait to be decided", controller::queued);
    gauge("fynbos.revision", "The newest revision", () -> controller.image().revision().number());
  }

  /** Watches how far the hosts are. */
  public void watch(Progress progress, Controller controller) {
    gauge("fynbos.hosts", "Hosts that are registered", () -> progress.hosts().size());
    gauge(
        "fynbos.sessions",
        "Hosts whose switch is connected",
        () -> progress.hosts().values().stream().filter(HostStatus::connected).count());
    gauge(
        "fynbos.agents",
        "Hosts whose agent follows its orders",
        () -> progress.hosts().values().stream().filter(HostStatus::agent).count());
    gauge(
        "fynbos.flows",
        "Flows on all switches",
        () -> progress.hosts().values().stream().mapToInt(HostStatus::flows).sum());
    gauge("fynbos.waiters", "Clients that wait for a revision", progress::waiting);
    gauge(
        "fynbos.applied.lag",
        "Revisions that the last host is behind",
        () ->
            controller.image().revision().number()
                - progress.hosts().values().stream()
                    .map(HostStatus::applied)
                    .min(Revision::compareTo)
                    .orElse(controller.image().revision())
                    .number());
  }

  /** Watches the clients that follow the changes. */
  public void watchClients(Supplier<Number> clients) {
    gauge("fynbos.watches", "Clients that watch changes", clients);
  }

  /** Counts a request that was answered. */
  public void request(String method, String template, int status, long nanos) {
    Timer.builder("fynbos.http")
        .description("Requests to the API")
        .tag("method", method)
        .tag("path", template)
        .tag("status", Integer.toString(status))
        .serviceLevelObjectives(LATENCIES)
        .register(registry)
        .record(Duration.ofNanos(nanos));
  }

  @Override
  public void committed(int count, long nanos) {
    commits.increment(count);
    commitLatency.record(Duration.ofNanos(nanos));
  }

  @Override
  public void answered(String outcome) {
    Counter.builder("fynbos.commands")
        .description("Commands by how they ended")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  @Override
  public void bundleDone(int mods, long nanos) {
    bundleMods.increment(mods);
    bundleLatency.record(Duration.ofNanos(nanos));
  }

  @Override
  public void bundleRefused() {
    refused.increment();
  }

  @Override
  public void readBack(int missingFlows, int staleFlows, int foreignFlows) {
    missing.increment(missingFlows);
    stale.increment(staleFlows);
    foreign.increment(foreignFlows);
  }

  @Override
  public void logged(String verdict) {
    Counter.builder("fynbos.flow.log.records")
        .description("Records that hosts logged")
        .tag("verdict", verdict)
        .register(registry)
        .increment();
  }

  @Override
  public void dropped(Loss loss, long records) {
    Counter.builder("fynbos.flow.log.dropped")
        .description("Records that were dropped, by where")
        .tag("where", loss.name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment((double) records);
  }

  /** Watches what rules count. */
  public void watch(HitCounters hits) {
    count(
        "fynbos.rule.hits", "Packets that rules decided", hits, h -> (double) h.total().packets());
    count("fynbos.rule.hit.bytes", "Bytes of those packets", hits, h -> (double) h.total().bytes());
    count(
        "fynbos.audit.differs",
        "Packets that a rule on trial would have judged otherwise",
        hits,
        h -> (double) h.total().differs());
  }

  private void count(
      String name, String description, HitCounters hits, ToDoubleFunction<HitCounters> value) {
    FunctionCounter.builder(name, hits, value).description(description).register(registry);
  }

  /** Everything, in Prometheus' text form. */
  public String text() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(LATENCIES)
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private Counter drift(String kind) {
    return Counter.builder("fynbos.read.back.flows")
        .description("Flows that a read-back found to be other than wanted")
        .tag("kind", kind)
        .register(registry);
  }
}
