package io.fynbos.controller.api;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.UniverseName;
import java.util.Optional;
import java.util.function.Function;

/** Reads the names in a request's path and query; what is not there is refused. */
final class Paths {

  private Paths() {}

  /** The host that the path names. */
  static HostName host(Request request, Image image) {
    HostName name = name(request.variable("name"), HostName::new);
    if (!image.hosts().containsKey(name)) {
      throw Problem.of(
              404,
              "not-found",
              "there is no " + name.sentence() + "; register it first: PUT /v1/hosts/" + name)
          .refused();
    }
    return name;
  }

  /** The universe that the query names, if it names one. */
  static Optional<UniverseName> universe(Request request, Image image) {
    Optional<UniverseName> universe =
        Optional.ofNullable(request.query().get("universe"))
            .map(text -> name(text, UniverseName::new));
    universe
        .filter(name -> !image.universes().containsKey(name))
        .ifPresent(
            name -> {
              throw Problem.at(404, "not-found", "?universe", "there is no " + name.sentence())
                  .refused();
            });
    return universe;
  }

  /** The universe that the query has to name. */
  static UniverseName universeNeeded(Request request, Image image) {
    return universe(request, image)
        .orElseThrow(
            () ->
                Problem.at(
                        400,
                        "missing-parameter",
                        "?universe",
                        "say which universe is meant: ?universe=NAME")
                    .refused());
  }

  /** A name; one that breaks the pattern is refused. */
  static <T> T name(String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "invalid-name", String.valueOf(e.getMessage())).refused();
    }
  }
}
