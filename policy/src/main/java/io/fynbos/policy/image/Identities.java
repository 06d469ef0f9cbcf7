package io.fynbos.policy.image;

import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseNumber;
import java.util.Iterator;
import java.util.Optional;
import java.util.SortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Identities and what they stand for, those that rest included. */
record Identities(
    TreePMap<Identity, IdentityEntry> all,
    TreePMap<Key, Identity> byKey,
    Index<UniverseNumber, Identity> ofUniverse,
    Index<Member, Identity> withGroup,
    TreePMap<Identity, Revision> resting,
    Runs<Integer> taken) {
  static final Identities EMPTY =
      new Identities(
          TreePMap.empty(),
          TreePMap.empty(),
          Index.empty(),
          Index.empty(),
          TreePMap.empty(),
          Runs.ofNumbers());

  /** What an identity is for: a universe, by number, and a set of its groups. */
  record Key(UniverseNumber universe, SortedSet<GroupName> groups) implements Comparable<Key> {
    Key {
      groups = TreePSet.fromSortedSet(groups);
    }

    @Override
    public int compareTo(Key other) {
      int byUniverse = universe.compareTo(other.universe);
      if (byUniverse != 0) {
        return byUniverse;
      }
      Iterator<GroupName> mine = groups.iterator();
      Iterator<GroupName> theirs = other.groups.iterator();
      while (mine.hasNext() && theirs.hasNext()) {
        int byGroup = mine.next().compareTo(theirs.next());
        if (byGroup != 0) {
          return byGroup;
        }
      }
      return Boolean.compare(mine.hasNext(), theirs.hasNext());
    }
  }

  /** A group of a universe, by the universe's number. */
  record Member(UniverseNumber universe, GroupName group) implements Comparable<Member> {
    @Override
    public int compareTo(Member other) {
      int byUniverse = universe.compareTo(other.universe);
      return byUniverse != 0 ? byUniverse : group.compareTo(other.group);
    }
  }

  /** Makes an identity known, or wakes the same one from its rest. */
  Identities add(IdentityEntry entry) {
    IdentityEntry before = all.get(entry.identity());
    Key key = new Key(entry.number(), entry.groups());
    Identity same = byKey.get(key);
    boolean taken = before != null && !key.equals(new Key(before.number(), before.groups()));
    if (taken || (same != null && !same.equals(entry.identity()))) {
      throw new IllegalStateException("%s cannot be added: before %s".formatted(entry, before));
    }
    Index<Member, Identity> members = withGroup;
    for (GroupName group : entry.groups()) {
      members = members.plus(new Member(entry.number(), group), entry.identity());
    }
    return new Identities(
        all.plus(entry.identity(), entry),
        byKey.plus(key, entry.identity()),
        ofUniverse.plus(entry.number(), entry.identity()),
        members,
        resting.minus(entry.identity()),
        this.taken.plus(entry.identity().number()));
  }

  Identities retire(Identity identity, Revision revision) {
    IdentityEntry entry = Present.in(all, identity);
    IdentityEntry retired =
        new IdentityEntry(
            identity, entry.universe(), entry.number(), entry.groups(), Optional.of(revision));
    return new Identities(
        all.plus(identity, retired),
        byKey,
        ofUniverse,
        withGroup,
        resting.plus(identity, revision),
        taken);
  }

  Identities release(Identity identity) {
    Present.in(resting, identity);
    IdentityEntry entry = Present.in(all, identity);
    Index<Member, Identity> members = withGroup;
    for (GroupName group : entry.groups()) {
      members = members.minus(new Member(entry.number(), group), identity);
    }
    return new Identities(
        all.minus(identity),
        byKey.minus(new Key(entry.number(), entry.groups())),
        ofUniverse.minus(entry.number(), identity),
        members,
        resting.minus(identity),
        taken.minus(identity.number()));
  }
}
