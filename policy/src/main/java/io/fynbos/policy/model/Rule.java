package io.fynbos.policy.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One rule of a policy.
 *
 * @param direction seen from the endpoint that the policy applies to
 * @param order stands in place of the policy's order
 * @param peers the other ends, any of which; none means anyone
 * @param services any of which; none means everything
 * @param log whether matching connections go to the flow log
 * @param stage stands in place of the policy's stage
 */
public record Rule(
    Direction direction,
    Action action,
    OptionalInt order,
    List<Peer> peers,
    List<Service> services,
    boolean log,
    Optional<Stage> stage) {
  public static final int PEERS_MAX = 256;
  public static final int SERVICES_MAX = 64;

  public Rule {
    Checks.optionalRange(order, 0, Policy.ORDER_MAX, "an order");
    peers = List.copyOf(peers);
    services = List.copyOf(services);
    Checks.atMost(peers.size(), PEERS_MAX, "peers of a rule");
    Checks.atMost(services.size(), SERVICES_MAX, "services of a rule");
    Checks.distinct(peers, "peer");
    Checks.distinct(services, "service");
  }

  /** A rule of the policy's stage. */
  public Rule(
      Direction direction,
      Action action,
      OptionalInt order,
      List<Peer> peers,
      List<Service> services,
      boolean log) {
    this(direction, action, order, peers, services, log, Optional.empty());
  }
}
