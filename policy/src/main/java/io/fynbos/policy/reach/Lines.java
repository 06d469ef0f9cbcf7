package io.fynbos.policy.reach;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/**
 * The rules of one direction that a universe has, as they are judged, and which of them apply to a
 * set of groups or have it, or an atom of addresses, as a peer. Sets of rules are sets of their
 * places in the list.
 */
final class Lines {
  private final UniverseName universe;
  private final List<Line> all;
  private final BitSet applyToAll = new BitSet();
  private final Map<GroupName, BitSet> applyTo = new HashMap<>();
  private final BitSet fromAnyone = new BitSet();
  private final Map<GroupName, BitSet> fromGroup = new HashMap<>();
  private final BitSet withCidrs = new BitSet();
  private final Map<Prefix, BitSet> fromAtom = new HashMap<>();

  private Lines(UniverseName universe, List<Line> all) {
    this.universe = universe;
    this.all = all;
    for (int i = 0; i < all.size(); i++) {
      index(i, all.get(i));
    }
  }

  /** The rules of a universe of the direction and the stages; none when it is not there. */
  static Lines of(Image image, UniverseName universe, Direction direction, Set<Stage> stages) {
    List<Line> lines = new ArrayList<>();
    if (image.universe(universe).isPresent()) {
      for (PolicyRef ref : image.fabricPolicies()) {
        Policy policy = image.policy(ref).orElseThrow();
        List<UniverseName> universes = policy.appliesTo().universes();
        if (universes.isEmpty() || universes.contains(universe)) {
          add(policy, direction, stages, lines);
        }
      }
      for (PolicyRef ref : image.policiesOf(universe)) {
        add(image.policy(ref).orElseThrow(), direction, stages, lines);
      }
    }
    lines.sort(null);
    return new Lines(universe, List.copyOf(lines));
  }

  private static void add(Policy policy, Direction direction, Set<Stage> stages, List<Line> lines) {
    for (int i = 0; i < policy.rules().size(); i++) {
      Rule rule = policy.rules().get(i);
      if (rule.direction() == direction && stages.contains(policy.stageOf(rule))) {
        lines.add(Line.of(policy, i));
      }
    }
  }

  private void index(int at, Line line) {
    AppliesTo appliesTo = line.appliesTo();
    if (appliesTo.groups().isEmpty()) {
      applyToAll.set(at);
    }
    appliesTo.groups().forEach(group -> index(group, at, applyTo));
    if (line.peers().isEmpty()) {
      fromAnyone.set(at);
    }
    for (Peer peer : line.peers()) {
      if (peer instanceof Peer.Group of) {
        index(of.group(), at, fromGroup);
      } else {
        withCidrs.set(at);
      }
    }
  }

  private void index(GroupRef group, int at, Map<GroupName, BitSet> index) {
    if (group.universe().equals(universe)) {
      index.computeIfAbsent(group.name(), name -> new BitSet()).set(at);
    }
  }

  List<Line> all() {
    return all;
  }

  /** Adds every prefix along which these rules tell addresses apart. */
  void cutsTo(Collection<Prefix> cuts) {
    for (Line line : all) {
      for (Peer peer : line.peers()) {
        if (peer instanceof Peer.Cidr cidr) {
          cuts.add(cidr.prefix());
          cuts.addAll(cidr.except());
        }
      }
    }
  }

  /** Whether no rule looks at addresses, so that all atoms are alike. */
  boolean blindToAddresses() {
    return withCidrs.isEmpty();
  }

  /** The rules that apply to an endpoint. */
  BitSet applyingTo(Endpoint endpoint) {
    return withGroups(applyToAll, endpoint.groups(), applyTo);
  }

  /** The rules that have the endpoint as a peer, whatever its address. */
  BitSet withPeer(Endpoint endpoint) {
    return withGroups(fromAnyone, endpoint.groups(), fromGroup);
  }

  private static BitSet withGroups(
      BitSet always, SortedSet<GroupName> groups, Map<GroupName, BitSet> index) {
    BitSet lines = (BitSet) always.clone();
    for (GroupName group : groups) {
      BitSet more = index.get(group);
      if (more != null) {
        lines.or(more);
      }
    }
    return lines;
  }

  /** The rules of a tier. */
  BitSet ofTier(Tier tier) {
    BitSet lines = new BitSet();
    for (int i = 0; i < all.size(); i++) {
      lines.set(i, all.get(i).tier() == tier);
    }
    return lines;
  }

  /** The rules that have an address outside as a peer, as long as they name no addresses. */
  BitSet withAnyone() {
    return (BitSet) fromAnyone.clone();
  }

  /** The rules that have the addresses of an atom as a peer because of a CIDR. */
  BitSet withAtom(Prefix atom) {
    return fromAtom.computeIfAbsent(atom, this::linesWith);
  }

  private BitSet linesWith(Prefix atom) {
    BitSet lines = new BitSet();
    for (int i = withCidrs.nextSetBit(0); i >= 0; i = withCidrs.nextSetBit(i + 1)) {
      for (Peer peer : all.get(i).peers()) {
        if (peer instanceof Peer.Cidr cidr && contains(cidr, atom)) {
          lines.set(i);
          break;
        }
      }
    }
    return lines;
  }

  /** An atom is inside the prefix and each exception, or outside of them, as a whole. */
  private static boolean contains(Peer.Cidr cidr, Prefix atom) {
    return cidr.prefix().contains(atom)
        && cidr.except().stream().noneMatch(except -> except.contains(atom));
  }
}
