package io.fynbos.policy.verdict;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.verdict.Verdict.Judgement;
import io.fynbos.policy.verdict.Verdict.NoRoute;
import io.fynbos.policy.verdict.Verdict.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges packets by an image. */
public final class Oracle {
  /** The lowest port that a client is taken to have chosen by itself. */
  public static final int EPHEMERAL_PORT_MIN = 32768;

  private Oracle() {}

  /**
   * Whether the packet may pass as the first of its connection. What is judged without state (SCTP)
   * may also pass as the reverse of an allowed packet.
   */
  public static Verdict judge(Image image, Packet packet) {
    Verdict verdict = judgeForward(image, packet);
    if (packet.stateless() && verdict.noRoute().isEmpty() && !verdict.allowed()) {
      Verdict reply = judgeReply(image, packet);
      return reply.allowed() ? reply : verdict;
    }
    return verdict;
  }

  /**
   * Whether the packet may pass as a reply of a connection that is tracked: so it may when what it
   * replies to may still pass. A universe with {@code keepEstablished} lets it pass besides,
   * whatever this says.
   */
  public static Verdict judgeReply(Image image, Packet reply) {
    Verdict original = judgeForward(image, reply.reversed());
    return new Verdict(reply, original.noRoute(), original.judgements(), true);
  }

  /**
   * Whether a TCP packet may pass that belongs to no tracked connection and opens none (after a
   * restart, a migration). Its ports say which end opened the connection; where they do not, it
   * must be permitted in both orientations.
   */
  public static Verdict judgeMidstream(Image image, Packet packet) {
    if (!(packet.transport() instanceof Transport.Ports ports)) {
      throw new IllegalArgumentException("only TCP has a midstream: " + packet);
    }
    boolean fromClient =
        ports.source() >= EPHEMERAL_PORT_MIN && ports.destination() < EPHEMERAL_PORT_MIN;
    boolean fromServer =
        ports.destination() >= EPHEMERAL_PORT_MIN && ports.source() < EPHEMERAL_PORT_MIN;
    if (fromServer) {
      return judgeReply(image, packet);
    }
    Verdict forward = judgeForward(image, packet);
    if (fromClient || !forward.allowed()) {
      return forward;
    }
    Verdict reply = judgeReply(image, packet);
    return reply.allowed() ? forward : reply;
  }

  private static Verdict judgeForward(Image image, Packet packet) {
    Ends ends = Ends.of(image, packet);
    if (ends.noRoute().isPresent()) {
      return new Verdict(packet, ends.noRoute(), List.of(), false);
    }
    List<Judgement> judgements = new ArrayList<>();
    ends.sender()
        .ifPresent(
            sender -> judgements.add(judge(image, packet, Direction.OUT, sender, ends.receiver())));
    ends.receiver()
        .ifPresent(
            receiver ->
                judgements.add(judge(image, packet, Direction.IN, receiver, ends.sender())));
    return new Verdict(packet, Optional.empty(), judgements, false);
  }

  /** Who the ends are, or why there is no way between them. */
  private record Ends(
      Optional<Endpoint> sender, Optional<Endpoint> receiver, Optional<NoRoute> noRoute) {

    private static Ends none(NoRoute reason) {
      return new Ends(Optional.empty(), Optional.empty(), Optional.of(reason));
    }

    static Ends of(Image image, Packet packet) {
      if (packet.from().address().v6() != packet.to().address().v6()) {
        return none(NoRoute.OTHER_FAMILY);
      }
      Optional<UniverseName> universe = universeOf(packet.from()).or(() -> universeOf(packet.to()));
      if (universe.isEmpty()) {
        return none(NoRoute.NO_ENDPOINT);
      }
      Optional<Endpoint> sender = find(image, universe.get(), packet.from());
      Optional<Endpoint> receiver = find(image, universe.get(), packet.to());
      return reason(image, universe.get(), packet, sender, receiver)
          .map(Ends::none)
          .orElseGet(() -> new Ends(sender, receiver, Optional.empty()));
    }

    private static Optional<UniverseName> universeOf(End end) {
      return end instanceof End.OfEndpoint known
          ? Optional.of(known.ref().universe())
          : Optional.empty();
    }

    private static Optional<Endpoint> find(Image image, UniverseName universe, End end) {
      return end instanceof End.OfEndpoint known
          ? image.endpoint(known.ref())
          : image.endpointAt(universe, end.address());
    }

    private static boolean goesTo(Image image, Endpoint receiver, IpAddress address) {
      return image.endpointAt(receiver.universe(), address).equals(Optional.of(receiver));
    }

    private static Optional<NoRoute> reason(
        Image image,
        UniverseName name,
        Packet packet,
        Optional<Endpoint> sender,
        Optional<Endpoint> receiver) {
      if (packet.from() instanceof End.OfEndpoint && sender.isEmpty()) {
        return Optional.of(NoRoute.UNKNOWN_SENDER);
      }
      if (packet.to() instanceof End.OfEndpoint && receiver.isEmpty()) {
        return Optional.of(NoRoute.UNKNOWN_RECEIVER);
      }
      if (sender.isPresent() && !sender.get().mayHave(packet.from().address())) {
        return Optional.of(NoRoute.FOREIGN_SOURCE);
      }
      if (receiver.isPresent() && !goesTo(image, receiver.get(), packet.to().address())) {
        return Optional.of(NoRoute.FOREIGN_DESTINATION);
      }
      if (sender.isPresent() && receiver.isPresent()) {
        boolean sameUniverse = sender.get().universe().equals(receiver.get().universe());
        if (!sameUniverse) {
          return Optional.of(NoRoute.OTHER_UNIVERSE);
        }
        boolean itself = sender.get().ref().equals(receiver.get().ref());
        return itself ? Optional.of(NoRoute.ITSELF) : Optional.empty();
      }
      Universe universe = image.universe(name).orElseThrow();
      End outside = sender.isPresent() ? packet.to() : packet.from();
      if (universe.contains(outside.address())) {
        return Optional.of(NoRoute.NO_SUCH_ADDRESS);
      }
      return universe.internet() == Internet.NONE
          ? Optional.of(NoRoute.NO_INTERNET)
          : Optional.empty();
    }
  }

  private static Judgement judge(
      Image image, Packet packet, Direction direction, Endpoint judged, Optional<Endpoint> peer) {
    List<Step> steps = new ArrayList<>();
    for (Tier tier : Tier.values()) {
      List<Step> first = first(matching(image, packet, direction, judged, peer, tier));
      steps.addAll(first);
      Optional<Action> decided =
          first.stream().filter(Step::decisive).findFirst().map(Step::action);
      if (decided.isPresent() && decided.get() != Action.PASS) {
        return new Judgement(direction, judged.ref(), decided.get(), steps, false);
      }
    }
    Universe universe = image.universe(judged.universe()).orElseThrow();
    return new Judgement(direction, judged.ref(), universe.defaultOf(direction), steps, true);
  }

  /** Those of the smallest order, the ones of the action that wins marked as decisive. */
  private static List<Step> first(List<Step> matching) {
    int order = matching.stream().mapToInt(Step::order).min().orElse(0);
    List<Step> set = matching.stream().filter(step -> step.order() == order).toList();
    Optional<Action> winner = set.stream().map(Step::action).max(Enum::compareTo);
    return set.stream()
        .map(
            step ->
                new Step(
                    step.tier(),
                    step.order(),
                    step.policy(),
                    step.rule(),
                    step.action(),
                    winner.equals(Optional.of(step.action()))))
        .toList();
  }

  private static List<Step> matching(
      Image image,
      Packet packet,
      Direction direction,
      Endpoint judged,
      Optional<Endpoint> peer,
      Tier tier) {
    End peerEnd = direction == Direction.OUT ? packet.to() : packet.from();
    List<PolicyRef> refs = new ArrayList<>(image.fabricPolicies());
    refs.addAll(image.policiesOf(judged.universe()));
    List<Step> steps = new ArrayList<>();
    for (PolicyRef ref : refs) {
      Policy policy = image.policy(ref).orElseThrow();
      if (policy.tier() != tier || !applies(policy.appliesTo(), judged)) {
        continue;
      }
      for (int i = 0; i < policy.rules().size(); i++) {
        Rule rule = policy.rules().get(i);
        boolean matches =
            rule.direction() == direction
                && policy.stageOf(rule) == Stage.ENFORCE
                && matchesPeer(rule, peerEnd, peer)
                && matchesService(rule, packet.transport());
        if (matches) {
          steps.add(new Step(tier, policy.orderOf(rule), ref, i, rule.action(), false));
        }
      }
    }
    return steps;
  }

  private static boolean applies(AppliesTo appliesTo, Endpoint endpoint) {
    boolean inUniverse =
        appliesTo.universes().isEmpty() || appliesTo.universes().contains(endpoint.universe());
    boolean inGroup =
        appliesTo.groups().isEmpty()
            || appliesTo.groups().stream().anyMatch(group -> member(endpoint, group));
    return inUniverse && inGroup;
  }

  private static boolean member(Endpoint endpoint, GroupRef group) {
    return endpoint.universe().equals(group.universe()) && endpoint.groups().contains(group.name());
  }

  private static boolean matchesPeer(Rule rule, End end, Optional<Endpoint> peer) {
    if (rule.peers().isEmpty()) {
      return true;
    }
    for (Peer allowed : rule.peers()) {
      boolean matches =
          allowed instanceof Peer.Group of
              ? peer.isPresent() && member(peer.get(), of.group())
              : ((Peer.Cidr) allowed).contains(end.address());
      if (matches) {
        return true;
      }
    }
    return false;
  }

  private static boolean matchesService(Rule rule, Transport transport) {
    return rule.services().isEmpty() || rule.services().stream().anyMatch(transport::matches);
  }
}
