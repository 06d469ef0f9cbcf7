package io.fynbos.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the API says of a revision.
 *
 * @param applied whether every host has it
 * @param sentence for the user
 */
record Applied(boolean applied, String sentence) {

  static Applied ask(Api api, long revision, Duration wait) {
    String query = wait.isZero() ? "" : "?wait=" + wait.toMillis() + "ms";
    JsonNode answer = api.get("/v1/revisions/" + revision + query, wait);
    if (answer.path("applied").asBoolean()) {
      return new Applied(true, "revision " + revision + " is applied on every host");
    }
    List<String> reasons = new ArrayList<>();
    for (String reason : List.of("waitingFor", "unreachable", "fenced")) {
      List<String> hosts = new ArrayList<>();
      answer.path(reason).forEach(host -> hosts.add(host.asText()));
      if (!hosts.isEmpty()) {
        String words = reason.equals("waitingFor") ? "waiting for" : reason;
        reasons.add(words + ": " + String.join(", ", hosts));
      }
    }
    return new Applied(
        false, "revision " + revision + " is not applied; " + String.join("; ", reasons));
  }
}
