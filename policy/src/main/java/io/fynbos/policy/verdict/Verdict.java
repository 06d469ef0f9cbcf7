package io.fynbos.policy.verdict;

import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Tier;
import java.util.List;
import java.util.Optional;

/**
 * The answer about a packet, and why.
 *
 * @param noRoute why it leads nowhere, whatever the rules say
 * @param judgements the sender's out verdict, then the receiver's in verdict; none where there is
 *     no endpoint to judge
 * @param asReply whether the judgements are about the packet that this one answers
 * @param kept whether it passes all the same, because its connection is kept
 */
public record Verdict(
    Packet packet,
    Optional<NoRoute> noRoute,
    List<Judgement> judgements,
    boolean asReply,
    boolean kept) {
  public Verdict {
    judgements = List.copyOf(judgements);
  }

  /** Why a packet leads nowhere. */
  public enum NoRoute {
    UNKNOWN_SENDER("the sending endpoint does not exist"),
    UNKNOWN_RECEIVER("the receiving endpoint does not exist"),
    FOREIGN_SOURCE("the source address is not the sender's"),
    FOREIGN_DESTINATION(
        "the destination address is not the receiver's, or another endpoint has it now"),
    OTHER_FAMILY("the addresses are of different families"),
    OTHER_UNIVERSE("universes never reach each other's private addresses"),
    NO_SUCH_ADDRESS("no endpoint of the universe has the address"),
    NO_INTERNET("the address is outside and the universe has internet: none"),
    NO_ENDPOINT("neither end is an endpoint"),
    ITSELF("sender and receiver are the same endpoint");

    private final String text;

    NoRoute(String text) {
      this.text = text;
    }

    /** A sentence that says so. */
    public String text() {
      return text;
    }
  }

  /**
   * A rule that took part: it matches, and no rule of its tier that matches has a smaller order.
   *
   * @param rule its index in the policy
   * @param decisive whether its action is the one that won at that tier and order
   */
  public record Step(
      Tier tier, int order, PolicyRef policy, int rule, Action action, boolean decisive) {
    @Override
    public String toString() {
      return "%s rule %d of %s (tier %s, order %d)".formatted(action, rule, policy, tier, order);
    }
  }

  /**
   * What one endpoint's rules say of a direction.
   *
   * @param action allow, deny or reject
   * @param steps the rules that took part, tier by tier
   * @param byDefault whether no rule decided, so that the universe's default did
   */
  public record Judgement(
      Direction direction,
      EndpointRef endpoint,
      Action action,
      List<Step> steps,
      boolean byDefault) {
    public Judgement {
      steps = List.copyOf(steps);
    }
  }

  /** Whether the packet may pass. */
  public boolean allowed() {
    return noRoute.isEmpty()
        && (kept || judgements.stream().allMatch(judgement -> judgement.action() == Action.ALLOW));
  }

  /** Whether the sender is told: the first judgement that does not allow rejects. */
  public boolean rejected() {
    return noRoute.isEmpty()
        && !kept
        && judgements.stream()
            .filter(judgement -> judgement.action() != Action.ALLOW)
            .findFirst()
            .filter(judgement -> judgement.action() == Action.REJECT)
            .isPresent();
  }

  /** The verdict in a few lines, for people. */
  public String explanation() {
    StringBuilder text = new StringBuilder();
    text.append(allowed() ? "allowed" : rejected() ? "rejected" : "dropped").append(": ");
    text.append(packet).append(asReply ? " (judged as a reply)" : "").append('\n');
    if (kept) {
      text.append("  kept: the connection is established, and its universe keeps those\n");
    }
    noRoute.ifPresent(reason -> text.append("  no route: ").append(reason.text()).append('\n'));
    for (Judgement judgement : judgements) {
      text.append(
          "  %s of %s: %s%s\n"
              .formatted(
                  judgement.direction(),
                  judgement.endpoint(),
                  judgement.action(),
                  judgement.byDefault() ? " by default" : ""));
      for (Step step : judgement.steps()) {
        text.append("    ").append(step).append(step.decisive() ? "" : ", outdone").append('\n');
      }
    }
    return text.toString();
  }
}
