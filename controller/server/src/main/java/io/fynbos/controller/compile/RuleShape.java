package io.fynbos.controller.compile;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.pipeline.Flag;
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
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A rule taken apart into clauses. One clause: plain flows. Several: a conjunction of them. Which
 * it is depends on the rule alone and never on who is a member of what, so that a new member adds
 * flows and changes none.
 *
 * @param id the policy's number and the rule's index; also the conjunction's id
 * @param audited whether it is only tried out; such a rule has a shape in the audit lane alone
 * @param log whether what it decides is logged
 * @param peerGroups the groups among its peers
 */
record RuleShape(
    PolicyRef policy,
    int id,
    Lane lane,
    Slot slot,
    Direction direction,
    Action action,
    boolean audited,
    boolean log,
    List<Clause> clauses,
    List<GroupRef> peerGroups) {
  private static final int INDEX_BITS = 10;

  /** Conditions with so few terms are multiplied into others, to save clauses. */
  private static final int FOLDED_MAX = 8;

  private static final List<Match> ANY = List.of(Match.ANY);

  /**
   * The rules of a policy that a lane has. The function tells the numbers of universes in the
   * image.
   */
  static List<RuleShape> of(
      Policy policy,
      PolicyNumber number,
      Lane lane,
      Function<UniverseName, Optional<UniverseNumber>> numbers) {
    List<RuleShape> shapes = new ArrayList<>();
    for (int i = 0; i < policy.rules().size(); i++) {
      Rule rule = policy.rules().get(i);
      boolean audited = policy.stageOf(rule) == Stage.AUDIT;
      if (audited && lane == Lane.ENFORCED) {
        continue;
      }
      Table table = lane.table(rule.direction(), policy.tier());
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
              lane,
              new Slot(table, priority),
              rule.direction(),
              rule.action(),
              audited,
              rule.log(),
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
        || clauses.size() != other.get().clauses.size()
        || (!conjunctive() && (log != other.get().log || audited != other.get().audited))) {
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
    Cookie.Kind kind = lane == Lane.AUDIT ? Cookie.Kind.AUDIT : Cookie.Kind.RULE;
    return new Cookie(kind, Integer.toUnsignedLong(id));
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
    if (lane == Lane.AUDIT) {
      return Audit.verdict(
          audited ? flow.then(Register.RULE_AUDIT.set(id)) : flow, slot.table(), action);
    }
    // What denies is named also for a universe that logs all that is denied.
    if (log || action == Action.DENY || action == Action.REJECT) {
      flow.then((direction == Direction.IN ? Register.RULE_IN : Register.RULE_OUT).set(id));
    }
    if (log) {
      flow.then(Flag.set(Flag.LOG));
    }
    return Judgement.verdict(flow, slot.table(), direction, action);
  }

  /** What counts the packets that the rule would have had judged otherwise; it is audited. */
  void differences(Consumer<FlowEntry> flows) {
    Audit.differences(id, log, flows);
  }
}
