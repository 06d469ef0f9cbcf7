package io.fynbos.labs.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.labs.traffic.TcpEcho;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A rule taken away from under an open TCP connection, and put back.
 *
 * @param acknowledged from asking to the controller's answer
 * @param lastByte from asking to the last byte that came through
 * @param enforced from asking to the controller's word that it is applied everywhere
 * @param bytesAfterwards what came through after that; must be none
 * @param resumed from asking for the rule back to the next byte of the same connection
 */
public record RuleCut(
    Duration acknowledged,
    Duration lastByte,
    Duration enforced,
    long bytesAfterwards,
    Duration resumed) {
  private static final String POLICY = "/v1/universes/blue/policies/web-to-db";
  private static final int PORT = 5432;
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SILENCE = Duration.ofMillis(500);

  /** Plays it on a lab that has the documents of two-hosts. */
  public static RuleCut play(Lab lab, ControllerApi api) {
    JsonNode policy =
        api.object(POLICY).orElseThrow(() -> new LabException("blue/web-to-db is not there"));
    InetSocketAddress server =
        new InetSocketAddress(GuestWires.address(lab, lab.guest("db1"), false).orElseThrow(), PORT);
    try (TcpEcho echo = TcpEcho.connect(lab.namespace("web1"), server)) {
      if (!echo.awaitBytes(100, LIMIT)) {
        throw new LabException("the connection from web1 to db1 carries nothing");
      }
      long asked = System.nanoTime();
      long revision = api.change("PUT", POLICY, withoutTcp(policy).toString());
      long acknowledged = System.nanoTime();
      api.awaitApplied(revision, LIMIT);
      long enforced = System.nanoTime();
      long bytesThen = echo.bytesBack();
      Await.until(() -> System.nanoTime() - enforced > SILENCE.toNanos(), LIMIT);
      long bytesAfterwards = echo.bytesBack() - bytesThen;
      long lastByte = echo.lastBackNanos();
      long askedBack = System.nanoTime();
      api.change("PUT", POLICY, policy.toString());
      if (!echo.awaitBytes(1, LIMIT)) {
        throw new LabException("the connection did not go on after its rule came back");
      }
      return new RuleCut(
          Duration.ofNanos(acknowledged - asked),
          Duration.ofNanos(Math.max(0, lastByte - asked)),
          Duration.ofNanos(enforced - asked),
          bytesAfterwards,
          Duration.ofNanos(echo.lastBackNanos() - askedBack));
    }
  }

  private static JsonNode withoutTcp(JsonNode policy) {
    ObjectNode changed = policy.deepCopy();
    for (JsonNode rule : changed.path("rules")) {
      ArrayNode services = (ArrayNode) rule.path("services");
      for (int i = services.size() - 1; i >= 0; i--) {
        if (services.get(i).path("protocol").asText().equals("tcp")) {
          services.remove(i);
        }
      }
    }
    return changed;
  }
}
