package io.fynbos.policy.image;

import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.Optional;
import java.util.SortedSet;
import org.pcollections.TreePSet;

/**
 * What an identity stands for.
 *
 * @param number the universe's number when the identity was made: a universe made anew under the
 *     same name has another
 * @param retired the revision that took its last endpoint away; since then it rests
 */
public record IdentityEntry(
    Identity identity,
    UniverseName universe,
    UniverseNumber number,
    SortedSet<GroupName> groups,
    Optional<Revision> retired) {
  public IdentityEntry {
    groups = TreePSet.fromSortedSet(groups);
  }
}
