package io.fynbos.policy.reach;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.UniverseName;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which rules of a universe match, and which decide, between the endpoints that there are and,
 * where it has internet, the outside. What it sees of fabric-wide rules is put together over
 * universes.
 */
final class Inspection {
  /** How many pairs of classes of a universe are looked at; a larger one is left out. */
  static final long PAIRS_MAX = 4_000_000;

  /** How many of the rules that shadow another are named. */
  private static final int SHADOWS_MAX = 3;

  private final Map<RuleRef, Seen> seen = new TreeMap<>();
  private final Map<Contradiction, ServiceSet> contradictions = new TreeMap<>();
  private final Set<UniverseName> tooLarge = new TreeSet<>();

  /** What was seen of a rule. */
  static final class Seen {
    private boolean applies;
    private boolean matches;
    private boolean decides;
    private final Set<RuleRef> shadows = new TreeSet<>();

    boolean applies() {
      return applies;
    }

    boolean matches() {
      return matches;
    }

    boolean decides() {
      return decides;
    }

    /** Some of the rules that come first where it matches. */
    Set<RuleRef> shadows() {
      return shadows;
    }
  }

  /** A rule that allows, and one that denies or rejects the same at the same tier and order. */
  record Contradiction(RuleRef allows, RuleRef denies, Tier tier, int order)
      implements Comparable<Contradiction> {
    @Override
    public int compareTo(Contradiction other) {
      int byAllows = allows.compareTo(other.allows);
      return byAllows != 0 ? byAllows : denies.compareTo(other.denies);
    }
  }

  Map<RuleRef, Seen> seen() {
    return seen;
  }

  Map<Contradiction, ServiceSet> contradictions() {
    return contradictions;
  }

  /** The universes that were left out. */
  Set<UniverseName> tooLarge() {
    return tooLarge;
  }

  /** Looks at one universe. */
  void add(Image image, UniverseName universe) {
    Set<Stage> stages = Set.of(Stage.values());
    Grid.Rules rules = Grid.Rules.of(image, universe, stages);
    Predicate<Optional<Endpoint>> all = any -> true;
    Grid grid = Grid.of(image, universe, stages, all, all);
    long pairs = (long) grid.senders().size() * grid.receivers().size();
    if (pairs > PAIRS_MAX) {
      tooLarge.add(universe);
      return;
    }
    Set<BitSet> out = new HashSet<>();
    Set<BitSet> in = new HashSet<>();
    for (int from = 0; from < grid.senders().size(); from++) {
      for (int to = 0; to < grid.receivers().size(); to++) {
        if (grid.connected(from, to)) {
          out.add(common(grid.senders().subject(from), grid.receivers().peer(to)));
          in.add(common(grid.receivers().subject(to), grid.senders().peer(from)));
        }
      }
    }
    inspect(rules.out().all(), grid.senders(), out);
    inspect(rules.in().all(), grid.receivers(), in);
  }

  private static BitSet common(BitSet one, BitSet other) {
    BitSet both = (BitSet) one.clone();
    both.and(other);
    return both;
  }

  /** Each set of rules matches the packets of some two places. */
  private void inspect(List<Line> lines, Side subjects, Set<BitSet> together) {
    BitSet applying = new BitSet();
    for (int i = 0; i < subjects.size(); i++) {
      applying.or(subjects.subject(i));
    }
    for (int i = 0; i < lines.size(); i++) {
      Seen rule = seen.computeIfAbsent(lines.get(i).ref(), ref -> new Seen());
      rule.applies |= applying.get(i);
    }
    for (BitSet matching : together) {
      inspect(lines, matching);
    }
  }

  private void inspect(List<Line> lines, BitSet matching) {
    Judged judged = new Judged();
    for (int i = matching.nextSetBit(0); i >= 0; i = matching.nextSetBit(i + 1)) {
      Line line = lines.get(i);
      Seen rule = seen.computeIfAbsent(line.ref(), ref -> new Seen());
      rule.matches = true;
      if (line.stage() != Stage.ENFORCE) {
        continue;
      }
      if (judged.decides(line)) {
        rule.decides = true;
      } else if (!rule.decides) {
        addShadows(rule, line, lines, matching, i);
      }
      if (line.action() == Action.ALLOW) {
        addContradictions(line, lines, matching, i);
      }
    }
  }

  private static void addShadows(Seen rule, Line line, List<Line> lines, BitSet matching, int at) {
    for (int i = matching.nextSetBit(0);
        i < at && rule.shadows.size() < SHADOWS_MAX;
        i = matching.nextSetBit(i + 1)) {
      Line first = lines.get(i);
      if (first.stage() == Stage.ENFORCE && first.services().intersects(line.services())) {
        rule.shadows.add(first.ref());
      }
    }
  }

  private void addContradictions(Line line, List<Line> lines, BitSet matching, int at) {
    for (int i = matching.previousSetBit(at - 1); i >= 0; i = matching.previousSetBit(i - 1)) {
      Line other = lines.get(i);
      if (!other.besides(line)) {
        return;
      }
      boolean against = other.action() == Action.DENY || other.action() == Action.REJECT;
      ServiceSet both = other.services().intersect(line.services());
      if (against && other.stage() == Stage.ENFORCE && !both.isEmpty()) {
        contradictions.merge(
            new Contradiction(line.ref(), other.ref(), line.tier(), line.order()),
            both,
            ServiceSet::union);
      }
    }
  }

  /** What the rules before have decided; of those that stand together none comes first. */
  private static final class Judged {
    private ServiceSet open = ServiceSet.ALL;
    private ServiceSet passed = ServiceSet.NONE;
    private ServiceSet taken = ServiceSet.NONE;
    private Optional<Line> last = Optional.empty();

    boolean decides(Line line) {
      boolean together =
          last.filter(l -> l.besides(line) && l.action() == line.action()).isPresent();
      if (!together) {
        open = open.subtract(taken);
        taken = ServiceSet.NONE;
      }
      if (last.filter(l -> l.tier() == line.tier()).isEmpty()) {
        open = open.union(passed);
        passed = ServiceSet.NONE;
      }
      last = Optional.of(line);
      ServiceSet decided = open.intersect(line.services());
      taken = taken.union(decided);
      if (line.action() == Action.PASS) {
        passed = passed.union(decided);
      }
      return !decided.isEmpty();
    }
  }
}
