package io.fynbos.policy.image;

import io.fynbos.policy.model.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The fewest changes that make an image from nothing, by the revision that each was last made
 * under. Applied in that order, and set to the image's revision, they make an equal image, whatever
 * happened before it.
 */
public final class Snapshot {
  private final TreeMap<Revision, List<Change>> changes = new TreeMap<>();

  private Snapshot() {}

  /** The changes that make the image. */
  public static SortedMap<Revision, List<Change>> of(Image image) {
    Snapshot snapshot = new Snapshot();
    snapshot.numbersOf(image);
    snapshot.objectsOf(image);
    return snapshot.changes;
  }

  /** The image that the changes make. */
  public static Image replay(SortedMap<Revision, List<Change>> changes, Revision revision) {
    Image image = Image.EMPTY;
    for (var commit : changes.entrySet()) {
      image = image.apply(commit.getValue(), commit.getKey());
    }
    return image.at(revision);
  }

  private void add(Revision revision, Change change) {
    changes.computeIfAbsent(revision, r -> new ArrayList<>()).add(change);
  }

  private void numbersOf(Image image) {
    for (IdentityEntry entry : image.identities().values()) {
      Revision revision = entry.retired().orElse(Revision.NONE);
      add(
          revision,
          new Change.IdentityAdded(
              entry.identity(), entry.universe(), entry.number(), entry.groups()));
      if (entry.retired().isPresent()) {
        add(revision, new Change.IdentityRetired(entry.identity()));
      }
    }
    image
        .restingUniverseNumbers()
        .forEach((number, retired) -> add(retired, new Change.UniverseNumberRested(number)));
    image
        .restingPolicyNumbers()
        .forEach((number, retired) -> add(retired, new Change.PolicyNumberRested(number)));
  }

  private void objectsOf(Image image) {
    image
        .universes()
        .forEach(
            (name, v) -> add(v.revision(), new Change.UniversePut(v.value(), image.number(name))));
    image.pools().forEach((name, v) -> add(v.revision(), new Change.PoolPut(v.value())));
    image.groups().forEach((ref, v) -> add(v.revision(), new Change.GroupPut(v.value())));
    image
        .endpoints()
        .forEach(
            (ref, v) -> add(v.revision(), new Change.EndpointPut(v.value(), image.identity(ref))));
    image
        .policies()
        .forEach((ref, v) -> add(v.revision(), new Change.PolicyPut(v.value(), image.number(ref))));
    image.hosts().forEach((name, v) -> add(v.revision(), new Change.HostPut(v.value())));
    image.bindings().forEach((ref, v) -> add(v.revision(), new Change.BindingPut(v.value())));
    image
        .placement()
        .claims()
        .forEach(
            (universe, claims) ->
                claims.forEach(
                    (address, v) ->
                        add(
                            v.revision(),
                            new Change.AddressClaimed(universe, address, v.value()))));
  }
}
