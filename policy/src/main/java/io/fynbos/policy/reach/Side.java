package io.fynbos.policy.reach;

import io.fynbos.policy.model.IpAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The spots that packets come from, or go to, in classes: those of a class are treated alike by all
 * rules.
 */
final class Side {
  /**
   * What makes spots alike.
   *
   * @param subject the rules that apply to them
   * @param peer the rules of the other direction that have them as a peer
   */
  private record Likeness(Spot.Kind kind, BitSet subject, BitSet peer) {}

  private final Map<Likeness, Integer> numbers = new HashMap<>();
  private final List<Likeness> classes = new ArrayList<>();
  private final List<List<Spot>> members = new ArrayList<>();
  private final List<Integer> families = new ArrayList<>();
  private final Map<Spot.Key, Member> byKey = new HashMap<>();

  private record Member(Spot spot, int of) {}

  void add(Spot spot, BitSet subject, BitSet peer) {
    Likeness likeness = new Likeness(spot.kind(), subject, peer);
    int number = numbers.computeIfAbsent(likeness, key -> classes.size());
    if (number == classes.size()) {
      classes.add(likeness);
      members.add(new ArrayList<>());
      families.add(0);
    }
    members.get(number).add(spot);
    families.set(number, families.get(number) | spot.family());
    byKey.put(spot.key(), new Member(spot, number));
  }

  /** How many classes there are. */
  int size() {
    return classes.size();
  }

  List<Spot> members(int of) {
    return members.get(of);
  }

  /** The class of a spot, or -1. */
  int classOf(Spot.Key key) {
    Member member = byKey.get(key);
    return member == null ? -1 : member.of;
  }

  /** The class of an address at a spot, or -1 when the spot has not got it. */
  int classOf(Spot.Key key, IpAddress address) {
    Member member = byKey.get(key);
    if (member == null) {
      return -1;
    }
    boolean there = member.spot.addresses().stream().anyMatch(prefix -> prefix.contains(address));
    return there ? member.of : -1;
  }

  /** The families of a class's addresses: bit 0 for IPv4, bit 1 for IPv6. */
  int families(int of) {
    return families.get(of);
  }

  Spot.Kind kind(int of) {
    return classes.get(of).kind;
  }

  BitSet subject(int of) {
    return classes.get(of).subject;
  }

  BitSet peer(int of) {
    return classes.get(of).peer;
  }
}
