package io.fynbos.controller.core;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.PoolName;
import io.fynbos.policy.model.UniverseName;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Finds the objects of an image by whatever kind of key. */
public final class Lookup {

  private Lookup() {}

  /** The object as a document, with the revision that last changed it. */
  public static Optional<Versioned<Document>> find(Image image, ObjectKey key) {
    return switch (key.kind()) {
      case UNIVERSE -> find(image.universes(), (UniverseName) key, Document.UniverseDocument::new);
      case GROUP -> find(image.groups(), (GroupRef) key, Document.GroupDocument::new);
      case ENDPOINT -> find(image.endpoints(), (EndpointRef) key, Document.EndpointDocument::of);
      case POLICY -> find(image.policies(), (PolicyRef) key, Document.PolicyDocument::new);
      case POOL -> find(image.pools(), (PoolName) key, Document.PoolDocument::new);
      case HOST -> find(image.hosts(), (HostName) key, Document.HostDocument::new);
    };
  }

  private static <K, V> Optional<Versioned<Document>> find(
      Map<K, Versioned<V>> objects, K key, Function<V, Document> document) {
    return Optional.ofNullable(objects.get(key))
        .map(found -> new Versioned<>(document.apply(found.value()), found.revision()));
  }
}
