package io.fynbos.controller.api;

import java.util.List;
import java.util.Set;

/** Calls that the interface reserves and this version does not do yet. */
final class Unbuilt {

  private Unbuilt() {}

  static Problem problem(String what) {
    return Problem.of(501, "not-implemented", what + " is not part of this version of Fynbos");
  }

  static List<Route> routes() {
    return List.of(
        Route.get(
            "/v1/reach",
            Set.of("universe"),
            request -> Answers.now(problem("the reach report").response())),
        Route.post("/v1/trace", Set.of(), request -> Answers.now(problem("the trace").response())));
  }
}
