package io.fynbos.labs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.LabException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.HdrHistogram.Histogram;

/** How long one rule takes, from the call to the durable answer and to both hosts' having it. */
final class RuleBench {
  private static final int ROUNDS = 200;
  private static final int WARM_UP = 20;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /**
   * Between two questions, so that asking does not take the processors from what is asked about.
   */
  private static final Duration PAUSE = Duration.ofMillis(1);

  private static final String PATH = "/v1/universes/blue/policies/bench";

  private RuleBench() {}

  static void measure(ControllerApi api, BenchTable table) {
    Histogram durable = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    Histogram installed = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    Histogram enforced = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    rounds(api, durable, installed, RuleBench::awaitInstalled);
    rounds(api, durable, enforced, RuleBench::awaitEnforced);
    api.awaitApplied(api.change("DELETE", PATH, ""), LIMIT);
    table.row("one rule: durable and answered", durable, "");
    table.row(
        "one rule: both switches answered the barrier", installed, "p50 ≤ 20 ms, p99 ≤ 100 ms");
    table.row(
        "one rule: enforced on both hosts (barrier and revalidation)", enforced, "p50 ≤ 60 ms");
  }

  private static void rounds(
      ControllerApi api, Histogram durable, Histogram done, BiConsumer<ControllerApi, Long> await) {
    for (int i = -WARM_UP; i < ROUNDS; i++) {
      long began = System.nanoTime();
      long revision = api.change("PUT", PATH, policy(10_000 + i));
      long answered = System.nanoTime();
      await.accept(api, revision);
      long end = System.nanoTime();
      if (i >= 0) {
        durable.recordValue(TimeUnit.NANOSECONDS.toMicros(answered - began));
        done.recordValue(TimeUnit.NANOSECONDS.toMicros(end - began));
      }
      api.awaitApplied(revision, LIMIT);
    }
  }

  /** Asks until every host's switch has answered the barrier behind the revision's bundle. */
  private static void awaitInstalled(ControllerApi api, long revision) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (api.collection("/v1/hosts").stream()
        .anyMatch(host -> host.path("status").path("installed").asLong() < revision)) {
      if (System.nanoTime() > deadline) {
        throw new LabException("a rule was not installed within " + LIMIT.toSeconds() + " s");
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static void awaitEnforced(ControllerApi api, long revision) {
    JsonNode report = api.awaitApplied(revision, LIMIT);
    if (!report.path("applied").asBoolean()) {
      throw new LabException("a rule was not applied: " + report);
    }
  }

  /** For every guest of blue, so that both hosts have to change. */
  private static String policy(int port) {
    return """
        {"kind":"Policy","universe":"blue","name":"bench","tier":"universe",
         "rules":[{"direction":"in","action":"allow","peers":[{"group":"web"}],
                   "services":[{"protocol":"tcp","ports":["%d"]}]}]}
        """
        .formatted(port);
  }
}
