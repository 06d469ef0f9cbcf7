package io.fynbos.policy.identity;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The life of identities and numbers. An identity is made in the change that first needs it. When
 * its last endpoint is gone it rests: hosts may still send and receive with it. It is freed once
 * every host has applied the revision that retired it; until then it can be woken, by the same set
 * of groups only.
 */
public final class Allocation {
  private Allocation() {}

  /**
   * The identity that an endpoint is to have.
   *
   * @param added the change that must come first, when the identity is new or rests
   */
  public record Claim(Identity identity, Optional<Change.IdentityAdded> added) {}

  /**
   * The identity of a set of groups of a universe in the image; empty when every number is taken.
   */
  public static Optional<Claim> claim(
      Image image, UniverseName universe, SortedSet<GroupName> groups) {
    UniverseNumber number = image.number(universe);
    Optional<Identity> known = image.identityOf(number, groups);
    boolean awake = known.isPresent() && !image.restingIdentities().containsKey(known.get());
    if (awake) {
      return Optional.of(new Claim(known.get(), Optional.empty()));
    }
    return known
        .or(image::lowestFreeIdentity)
        .map(
            identity ->
                new Claim(
                    identity,
                    Optional.of(new Change.IdentityAdded(identity, universe, number, groups))));
  }

  /** The changes that lay to rest those of the identities that no endpoint has any more. */
  public static List<Change> retire(Image image, Collection<Identity> candidates) {
    List<Change> changes = new ArrayList<>();
    for (Identity identity : new TreeSet<>(candidates)) {
      boolean unused = image.endpointsWith(identity).isEmpty();
      if (unused && !image.restingIdentities().containsKey(identity)) {
        changes.add(new Change.IdentityRetired(identity));
      }
    }
    return changes;
  }

  /**
   * The changes that free everything that rests since the revision or longer. A universe's number
   * is freed only together with or after the last identity that was made under it.
   */
  public static List<Change> release(Image image, Revision applied) {
    List<Change> changes = new ArrayList<>();
    image
        .restingIdentities()
        .forEach(
            (identity, retired) -> {
              if (retired.compareTo(applied) <= 0) {
                changes.add(new Change.IdentityReleased(identity));
              }
            });
    image
        .restingPolicyNumbers()
        .forEach(
            (number, retired) -> {
              if (retired.compareTo(applied) <= 0) {
                changes.add(new Change.PolicyNumberReleased(number));
              }
            });
    image
        .restingUniverseNumbers()
        .forEach(
            (number, retired) -> {
              if (retired.compareTo(applied) <= 0 && unclaimed(image, number, applied)) {
                changes.add(new Change.UniverseNumberReleased(number));
              }
            });
    return changes;
  }

  private static boolean unclaimed(Image image, UniverseNumber number, Revision applied) {
    return image.identitiesOf(number).stream()
        .map(identity -> image.identities().get(identity))
        .map(IdentityEntry::retired)
        .allMatch(retired -> retired.isPresent() && retired.get().compareTo(applied) <= 0);
  }
}
