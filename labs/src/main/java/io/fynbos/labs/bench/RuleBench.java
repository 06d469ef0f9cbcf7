package io.fynbos.labs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.LabException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long one rule takes, from the call to the durable answer and to both hosts' having it. */
final class RuleBench {
  private static final int ROUNDS = 200;
  private static final int WARM_UP = 20;
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String PATH = "/v1/universes/blue/policies/bench";

  private RuleBench() {}

  static void measure(ControllerApi api, BenchTable table) {
    Histogram durable = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    Histogram enforced = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    for (int i = -WARM_UP; i < ROUNDS; i++) {
      long began = System.nanoTime();
      long revision = api.change("PUT", PATH, policy(10_000 + i));
      long answered = System.nanoTime();
      JsonNode report = api.awaitApplied(revision, LIMIT);
      long applied = System.nanoTime();
      if (!report.path("applied").asBoolean()) {
        throw new LabException("a rule was not applied: " + report);
      }
      if (i >= 0) {
        durable.recordValue(TimeUnit.NANOSECONDS.toMicros(answered - began));
        enforced.recordValue(TimeUnit.NANOSECONDS.toMicros(applied - began));
      }
    }
    api.awaitApplied(api.change("DELETE", PATH, ""), LIMIT);
    table.row("one rule: durable and answered", durable, "");
    table.row(
        "one rule: enforced on both hosts (barrier and revalidation)", enforced, "p50 ≤ 60 ms");
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
