package io.fynbos.controller.api;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.EndpointName;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Kind;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.PolicyName;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.PoolName;
import io.fynbos.policy.model.UniverseName;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Objects of one kind and where they live.
 *
 * @param path the collection's path
 * @param kind of its objects
 * @param key the object that a request names by its variables, or, for a page, by {@code after}
 * @param keys all keys of the collection, in order; those of a universe when it has one
 */
record Collection(
    String path, Kind kind, Function<Names, ObjectKey> key, Function<Scope, Keys> keys) {

  /** What a request names: a universe, when the path has one, and an object. */
  record Names(Optional<UniverseName> universe, String name) {
    UniverseName in() {
      return universe.orElseThrow(
          () -> new IllegalStateException("the path has no universe: " + name));
    }
  }

  /** Where to look. */
  record Scope(Image image, Optional<UniverseName> universe) {
    UniverseName in() {
      return universe.orElseThrow(() -> new IllegalStateException("the path has no universe"));
    }
  }

  /** Keys after one of them, in order. */
  interface Keys {
    Stream<? extends ObjectKey> after(Optional<ObjectKey> key);
  }

  static final List<Collection> ALL =
      List.of(
          new Collection(
              "/v1/universes",
              Kind.UNIVERSE,
              names -> new UniverseName(names.name()),
              scope -> keys(scope.image().universes().keySet(), UniverseName.class)),
          new Collection(
              "/v1/universes/{universe}/groups",
              Kind.GROUP,
              names -> new GroupRef(names.in(), new GroupName(names.name())),
              scope -> keys(scope.image().groupsOf(scope.in()), GroupRef.class)),
          new Collection(
              "/v1/universes/{universe}/endpoints",
              Kind.ENDPOINT,
              names -> new EndpointRef(names.in(), new EndpointName(names.name())),
              scope -> keys(scope.image().endpointsOf(scope.in()), EndpointRef.class)),
          new Collection(
              "/v1/universes/{universe}/policies",
              Kind.POLICY,
              names -> new PolicyRef(names.universe(), new PolicyName(names.name())),
              scope -> keys(scope.image().policiesOf(scope.in()), PolicyRef.class)),
          new Collection(
              "/v1/policies",
              Kind.POLICY,
              names -> new PolicyRef(Optional.empty(), new PolicyName(names.name())),
              scope -> keys(scope.image().fabricPolicies(), PolicyRef.class)),
          new Collection(
              "/v1/pools",
              Kind.POOL,
              names -> new PoolName(names.name()),
              scope -> keys(scope.image().pools().keySet(), PoolName.class)),
          new Collection(
              "/v1/hosts",
              Kind.HOST,
              names -> new HostName(names.name()),
              scope -> keys(scope.image().hosts().keySet(), HostName.class)));

  private static <K extends ObjectKey> Keys keys(java.util.SortedSet<K> all, Class<K> type) {
    return after ->
        after.isEmpty()
            ? all.stream()
            : all.tailSet(type.cast(after.get())).stream().filter(key -> !key.equals(after.get()));
  }

  boolean ofUniverse() {
    return path.contains("{universe}");
  }

  /** The key that the request's path names. */
  ObjectKey key(Request request) {
    return key(universe(request), request.variable("name"));
  }

  /** The key of this name; a name that breaks the pattern is refused. */
  ObjectKey key(Optional<UniverseName> universe, String name) {
    try {
      return key.apply(new Names(universe, name));
    } catch (IllegalArgumentException e) {
      throw invalidName(e);
    }
  }

  Optional<UniverseName> universe(Request request) {
    try {
      return ofUniverse()
          ? Optional.of(new UniverseName(request.variable("universe")))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      throw invalidName(e);
    }
  }

  private static Problem.Refused invalidName(IllegalArgumentException e) {
    return Problem.of(400, "invalid-name", String.valueOf(e.getMessage())).refused();
  }
}
