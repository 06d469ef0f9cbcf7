package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.openflow.wire.Match;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyNumber;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The flows of an image's policies. Each belongs to one owner: a rule, an identity that is judged,
 * an identity that is a peer, or a universe (or the fabric). What an owner's flows are can be told
 * from the image without all the others, which is what makes a change cost what it changes. It
 * remembers what it has worked out, for one image and not beyond.
 */
final class PolicyFlows {
  private final Image image;
  private final Remembered remembered;
  private final Map<PolicyRef, List<RuleShape>> shapes = new HashMap<>();
  private final Lanes lanes;
  private final Map<Tried, BitSet> tried = new HashMap<>();
  private final Map<PolicyRef, BitSet> hosts = new HashMap<>();
  private final Map<Identity, NavigableMap<Slot, List<SharedFlow>>> judged = new HashMap<>();
  private final Map<Identity, NavigableMap<Slot, List<SharedFlow>>> peers = new HashMap<>();
  private final Map<Optional<UniverseName>, NavigableMap<Slot, List<SharedFlow>>> fixed =
      new HashMap<>();

  private final Map<GroupRef, List<PolicyRef>> naming = new HashMap<>();
  private final Map<UniverseName, List<SharedFlow>> spread = new HashMap<>();
  private final Map<UniverseName, List<PolicyRef>> policies = new HashMap<>();

  /** The rules of a policy that the audit lane has of a direction. */
  private record Tried(PolicyRef policy, Direction direction) {}

  PolicyFlows(Remembered remembered) {
    this.image = remembered.image();
    this.remembered = remembered;
    this.lanes = new Lanes(this);
  }

  Hosts numbers() {
    return remembered.numbers();
  }

  Image image() {
    return image;
  }

  Lanes lanes() {
    return lanes;
  }

  /** The rules of a policy of the image: the enforced ones, then those of the audit lane. */
  List<RuleShape> rules(PolicyRef ref) {
    List<RuleShape> known = shapes.get(ref);
    if (known == null) {
      known = findRules(ref);
      shapes.put(ref, known);
    }
    return known;
  }

  private List<RuleShape> findRules(PolicyRef ref) {
    Policy policy = remembered.policy(ref).orElseThrow();
    PolicyNumber number = image.number(ref);
    List<RuleShape> rules = RuleShape.of(policy, number, Lane.ENFORCED, this::number);
    if (image.auditingPolicies().isEmpty()) {
      return rules;
    }
    List<RuleShape> both = new ArrayList<>(rules);
    for (RuleShape rule : RuleShape.of(policy, number, Lane.AUDIT, this::number)) {
      if (!lanes.hosts(ref.universe(), rule.direction()).isEmpty()) {
        both.add(rule);
      }
    }
    return both;
  }

  private Optional<UniverseNumber> number(UniverseName name) {
    return remembered.number(name);
  }

  // --- where ---------------------------------------------------------------------------------

  /** The numbers of the hosts that have an endpoint bound to which the policy applies. */
  BitSet hosts(PolicyRef ref) {
    return hosts.computeIfAbsent(ref, this::findHosts);
  }

  /** The numbers of the hosts that have a rule. */
  BitSet hosts(RuleShape rule) {
    BitSet applying = hosts(rule.policy());
    if (rule.lane() == Lane.ENFORCED) {
      return applying;
    }
    return tried.computeIfAbsent(
        new Tried(rule.policy(), rule.direction()),
        t -> {
          BitSet both = (BitSet) applying.clone();
          both.and(lanes.hosts(rule.policy().universe(), rule.direction()));
          return both;
        });
  }

  /** Whether a host has an endpoint bound to which the policy applies. */
  boolean applies(PolicyRef ref, HostName host) {
    OptionalInt number = numbers().number(host);
    return number.isPresent() && hosts(ref).get(number.getAsInt());
  }

  private BitSet findHosts(PolicyRef ref) {
    return remembered.policy(ref).isEmpty() ? new BitSet() : hosts(ref, Optional.empty());
  }

  /** The same for the endpoints of one universe, of which a policy of the image may be. */
  BitSet hosts(PolicyRef ref, Optional<UniverseName> of) {
    if (of.isEmpty() || ref.universe().isPresent()) {
      BitSet known = hosts.get(ref);
      if (known != null) {
        return known;
      }
    }
    BitSet found = new BitSet();
    AppliesTo to = remembered.policy(ref).orElseThrow().appliesTo();
    if (!to.groups().isEmpty()) {
      to.groups().stream()
          .filter(group -> selects(to, group) && of.map(group.universe()::equals).orElse(true))
          .forEach(group -> numbers().add(image.hostsWith(group), found));
      return found;
    }
    Collection<UniverseName> named =
        to.universes().isEmpty() ? image.universes().keySet() : to.universes();
    Collection<UniverseName> selected =
        ref.universe().map(List::of).map(list -> (Collection<UniverseName>) list).orElse(named);
    if (of.isEmpty()) {
      selected.forEach(universe -> numbers().add(image.hostsWith(universe), found));
    } else if (selected.contains(of.get())) {
      numbers().add(image.hostsWith(of.get()), found);
    }
    return found;
  }

  /** The identities that groups of {@code appliesTo} select, wherever they are. */
  NavigableSet<Identity> judgedIdentities(AppliesTo to) {
    NavigableSet<Identity> found = new TreeSet<>();
    for (GroupRef group : to.groups()) {
      if (selects(to, group)) {
        found.addAll(image.identitiesWith(group));
      }
    }
    return found;
  }

  private static boolean selects(AppliesTo to, GroupRef group) {
    return to.groups().contains(group)
        && (to.universes().isEmpty() || to.universes().contains(group.universe()));
  }

  // --- owners --------------------------------------------------------------------------------

  /** The flows of an identity as one that is judged, the same on every host that has it. */
  NavigableMap<Slot, List<SharedFlow>> judged(Identity identity) {
    return judged.computeIfAbsent(identity, this::findJudged);
  }

  /** The policies that apply to an identity because of its groups. */
  List<PolicyRef> applyingTo(Identity identity) {
    NavigableSet<GroupRef> groups = groups(identity);
    List<PolicyRef> found = new ArrayList<>();
    for (PolicyRef ref : policiesNaming(groups)) {
      AppliesTo to = remembered.policy(ref).orElseThrow().appliesTo();
      if (groups.stream().anyMatch(group -> selects(to, group))) {
        found.add(ref);
      }
    }
    return found;
  }

  private NavigableMap<Slot, List<SharedFlow>> findJudged(Identity identity) {
    Gathering gathering = new Gathering(new Cookie(Cookie.Kind.CLAUSE, identity.number()));
    for (PolicyRef ref : applyingTo(identity)) {
      for (RuleShape rule : rules(ref)) {
        gathering.add(
            rule,
            Clause.Subject.JUDGED,
            clause ->
                Terms.product(List.of(Terms.identity(rule.judged(), identity)), clause.each()));
      }
    }
    return gathering.bySlot();
  }

  /** The flows of an identity as a peer; the rules in them are on some hosts only. */
  NavigableMap<Slot, List<SharedFlow>> peers(Identity identity) {
    return peers.computeIfAbsent(identity, this::findPeers);
  }

  private NavigableMap<Slot, List<SharedFlow>> findPeers(Identity identity) {
    Gathering gathering = new Gathering(new Cookie(Cookie.Kind.CLAUSE, identity.number()));
    NavigableSet<GroupRef> groups = groups(identity);
    for (PolicyRef ref : policiesNaming(groups)) {
      for (RuleShape rule : rules(ref)) {
        if (rule.peerGroups().stream().anyMatch(groups::contains)) {
          gathering.add(
              rule,
              Clause.Subject.PEERS,
              clause ->
                  Terms.product(List.of(Terms.identity(rule.peer(), identity)), clause.each()));
        }
      }
    }
    return gathering.bySlot();
  }

  /** The flows without an identity: of a universe's policies, or of the fabric-wide ones. */
  NavigableMap<Slot, List<SharedFlow>> fixed(Optional<UniverseName> scope) {
    return fixed.computeIfAbsent(scope, this::findFixed);
  }

  private NavigableMap<Slot, List<SharedFlow>> findFixed(Optional<UniverseName> scope) {
    int number = scope.flatMap(this::number).map(UniverseNumber::number).orElse(0);
    Gathering gathering = new Gathering(new Cookie(Cookie.Kind.CLAUSE, number));
    for (PolicyRef ref : policiesIn(scope)) {
      for (RuleShape rule : rules(ref)) {
        gathering.add(rule, Clause.Subject.PEERS, clause -> inScope(clause.fixed(), scope));
        gathering.add(rule, Clause.Subject.NOBODY, clause -> inScope(clause.fixed(), scope));
      }
    }
    return gathering.bySlot();
  }

  /** All flows of a universe that no host's own endpoints are needed for, on whatever host. */
  List<SharedFlow> spread(UniverseName universe) {
    return spread.computeIfAbsent(
        universe,
        name -> {
          List<SharedFlow> all = new ArrayList<>();
          image.identitiesOf(name).forEach(i -> peers(i).values().forEach(all::addAll));
          fixed(Optional.of(name)).values().forEach(all::addAll);
          return all;
        });
  }

  /** The policies of a universe. */
  List<PolicyRef> policiesOf(UniverseName universe) {
    return policies.computeIfAbsent(universe, name -> List.copyOf(image.policiesOf(name)));
  }

  /** The scopes of a rule's terms without an identity. */
  Set<Optional<UniverseName>> scopes(RuleShape rule) {
    Set<Optional<UniverseNumber>> numbers = new LinkedHashSet<>();
    for (Clause clause : rule.clauses()) {
      clause.fixed().forEach(term -> numbers.add(Terms.universeOf(term)));
    }
    Set<Optional<UniverseName>> found = new LinkedHashSet<>();
    AppliesTo to = remembered.policy(rule.policy()).orElseThrow().appliesTo();
    for (Optional<UniverseNumber> number : numbers) {
      Collection<UniverseName> named =
          rule.policy().universe().map(List::of).orElse(to.universes());
      found.add(
          number.flatMap(n -> named.stream().filter(u -> number(u).equals(number)).findFirst()));
    }
    return found;
  }

  private List<Match> inScope(List<Match> terms, Optional<UniverseName> scope) {
    return terms.stream()
        .filter(term -> Terms.universeOf(term).equals(scope.flatMap(this::number)))
        .toList();
  }

  /** The policies that can have flows of a scope. */
  private Set<PolicyRef> policiesIn(Optional<UniverseName> scope) {
    Set<PolicyRef> found = new LinkedHashSet<>(image.fabricPolicies());
    scope.ifPresent(universe -> found.addAll(image.policiesOf(universe)));
    return found;
  }

  private Set<PolicyRef> policiesNaming(NavigableSet<GroupRef> groups) {
    Set<PolicyRef> found = new LinkedHashSet<>();
    for (GroupRef group : groups) {
      found.addAll(naming.computeIfAbsent(group, g -> List.copyOf(image.policiesNaming(g))));
    }
    return found;
  }

  /** The groups that an identity of the image stands for. */
  NavigableSet<GroupRef> groups(Identity identity) {
    NavigableSet<GroupRef> found = new TreeSet<>();
    IdentityEntry entry = image.identities().get(identity);
    // A universe made anew under the same name has other groups than its resting identities.
    if (entry != null && number(entry.universe()).filter(entry.number()::equals).isPresent()) {
      for (GroupName group : entry.groups()) {
        found.add(new GroupRef(entry.universe(), group));
      }
    }
    return found;
  }

  /** Collects what rules want, by slot and place. */
  private final class Gathering {
    private final Cookie cookie;
    private final NavigableMap<Slot, Map<SharedFlow.Place, SharedFlow>> slots = new TreeMap<>();

    Gathering(Cookie cookie) {
      this.cookie = cookie;
    }

    void add(RuleShape rule, Clause.Subject subject, Function<Clause, Collection<Match>> terms) {
      for (int i = 0; i < rule.clauses().size(); i++) {
        Clause clause = rule.clauses().get(i);
        if (clause.subject() == subject) {
          for (Match term : terms.apply(clause)) {
            add(rule, i + 1, new SharedFlow.Place(term, rule.conjunctive()));
          }
        }
      }
    }

    private void add(RuleShape rule, int clause, SharedFlow.Place at) {
      slots
          .computeIfAbsent(rule.slot(), slot -> new LinkedHashMap<>())
          .computeIfAbsent(at, place -> new SharedFlow(rule.slot(), place, cookie))
          .add(rule, clause, hosts(rule));
    }

    NavigableMap<Slot, List<SharedFlow>> bySlot() {
      NavigableMap<Slot, List<SharedFlow>> lists = new TreeMap<>();
      slots.forEach((slot, flows) -> lists.put(slot, List.copyOf(flows.values())));
      return lists;
    }
  }
}
