package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.Flow;
import io.fynbos.controller.pipeline.Register;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyNumber;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A rule taken apart into clauses. One clause: plain flows. Several: a conjunction of them. Which
 * it is depends on the rule alone and never on who is a member of what, so that a new member adds
 * flows and changes none.
 *
 * @param id the policy's number and the rule's index; also the conjunction's id
 * @param peerGroups the groups among its peers
 */
record RuleShape(
    PolicyRef policy,
    int id,
    Slot slot,
    Direction direction,
    Action action,
    List<Clause> clauses,
    List<GroupRef> peerGroups) {
  private static final int INDEX_BITS = 10;

  /** Conditions with so few terms are multiplied into others, to save clauses. */
  private static final int FOLDED_MAX = 8;

  private static final List<Match> ANY = List.of(Match.ANY);

  /** The rules of a policy. The function tells the numbers of universes in the image. */
  static List<RuleShape> of(
      Policy policy,
      PolicyNumber number,
      Function<UniverseName, Optional<UniverseNumber>> numbers) {
    List<RuleShape> shapes = new ArrayList<>();
    for (int i = 0; i < policy.rules().size(); i++) {
      Rule rule = policy.rules().get(i);
      Table table = Judgement.table(rule.direction(), policy.tier());
      int priority = Judgement.priority(policy.orderOf(rule), rule.action());
      List<GroupRef> peerGroups =
          rule.peers().stream()
              .filter(Peer.Group.class::isInstance)
              .map(peer -> ((Peer.Group) peer).group())
              .toList();
      shapes.add(
          new RuleShape(
              policy.ref(),
              number.number() << INDEX_BITS | i,
              new Slot(table, priority),
              rule.direction(),
              rule.action(),
              clauses(policy, rule, !peerGroups.isEmpty(), numbers),
              peerGroups));
    }
    return shapes;
  }

  private static List<Clause> clauses(
      Policy policy,
      Rule rule,
      boolean byPeer,
      Function<UniverseName, Optional<UniverseNumber>> numbers) {
    boolean byJudged = !policy.appliesTo().groups().isEmpty();
    List<Match> scope =
        policy.ref().universe().flatMap(numbers).map(n -> List.of(Terms.universe(n))).orElse(ANY);
    List<Match> addresses = addresses(rule);
    List<List<Match>> conditions = new ArrayList<>();
    if (!byJudged) {
      conditions.add(judged(policy, scope, numbers));
    }
    if (!rule.services().isEmpty()) {
      conditions.add(rule.services().stream().flatMap(s -> Terms.service(s).stream()).toList());
    }
    if (!byPeer && !rule.peers().isEmpty()) {
      conditions.add(addresses);
    }
    List<Match> folded = ANY;
    List<Clause> apart = new ArrayList<>();
    for (List<Match> condition : conditions) {
      List<Match> product = Terms.product(folded, condition);
      if (product.isEmpty()) {
        return List.of();
      }
      if (product.size() <= FOLDED_MAX) {
        folded = product;
      } else {
        apart.add(Clause.fixed(Terms.product(scope, condition)));
      }
    }
    List<Clause> clauses = new ArrayList<>();
    if (byJudged) {
      clauses.add(Clause.judged(folded));
    }
    if (byPeer) {
      List<Match> each = byJudged ? ANY : folded;
      clauses.add(Clause.peers(each, Terms.product(Terms.product(scope, addresses), each)));
    }
    if (clauses.isEmpty() && (apart.isEmpty() || !folded.equals(ANY))) {
      clauses.add(Clause.fixed(folded));
    }
    clauses.addAll(apart);
    return List.copyOf(clauses);
  }

  /** Whom a policy without groups applies to. */
  private static List<Match> judged(
      Policy policy, List<Match> scope, Function<UniverseName, Optional<UniverseNumber>> numbers) {
    if (policy.appliesTo().universes().isEmpty()) {
      return scope;
    }
    return policy.appliesTo().universes().stream()
        .flatMap(universe -> numbers.apply(universe).stream())
        .map(Terms::universe)
        .toList();
  }

  private static List<Match> addresses(Rule rule) {
    boolean alsoUntracked = Terms.anyUntracked(rule.services());
    return rule.peers().stream()
        .filter(Peer.Cidr.class::isInstance)
        .flatMap(peer -> Terms.cidr(rule.direction(), (Peer.Cidr) peer, alsoUntracked).stream())
        .toList();
  }

  /**
   * Whether the flows of one subject are what another rule with the same id makes of them: those
   * that judge identities, those of peers that are identities, or those without identities.
   */
  boolean alike(Optional<RuleShape> other, Clause.Subject subject) {
    if (other.isEmpty()
        || !slot.equals(other.get().slot)
        || clauses.size() != other.get().clauses.size()) {
      return false;
    }
    boolean sameGroups =
        subject != Clause.Subject.PEERS || peerGroups.equals(other.get().peerGroups);
    for (int i = 0; i < clauses.size() && sameGroups; i++) {
      Clause mine = clauses.get(i);
      Clause theirs = other.get().clauses.get(i);
      boolean alike =
          subject == Clause.Subject.NOBODY
              ? mine.fixed().equals(theirs.fixed())
              : (mine.subject() == subject) == (theirs.subject() == subject)
                  && (mine.subject() != subject || mine.each().equals(theirs.each()));
      if (!alike) {
        return false;
      }
    }
    return sameGroups;
  }

  /** Whether its flows are parts of a conjunction. */
  boolean conjunctive() {
    return clauses.size() > 1;
  }

  Register judged() {
    return Judgement.judged(direction);
  }

  Register peer() {
    return Judgement.peer(direction);
  }

  Cookie cookie() {
    return new Cookie(Cookie.Kind.RULE, Integer.toUnsignedLong(id));
  }

  /** What happens where all of its clauses meet. */
  FlowEntry conclusion() {
    return verdict(
        Flow.in(slot.table(), slot.priority(), cookie())
            .with(OxmField.CONJ_ID, Integer.toUnsignedLong(id)));
  }

  /** A flow that is all of the rule for what it matches. */
  FlowEntry plain(Match match) {
    return verdict(Flow.in(slot.table(), slot.priority(), cookie()).with(match));
  }

  private FlowEntry verdict(Flow flow) {
    return Judgement.verdict(flow, slot.table(), direction, action);
  }
}
