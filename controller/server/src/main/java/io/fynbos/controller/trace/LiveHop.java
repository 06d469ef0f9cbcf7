package io.fynbos.controller.trace;

import io.fynbos.policy.model.HostName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one host's switch would do with a packet.
 *
 * @param role of the host
 * @param result what becomes of the packet there; empty when the switch could not be asked
 * @param unread why it could not be
 */
public record LiveHop(
    HostName host, Role role, Optional<Result> result, List<Step> steps, Optional<String> unread) {
  public LiveHop {
    steps = List.copyOf(steps);
  }

  /** Which end of the packet is on the host. */
  public enum Role {
    SENDER,
    RECEIVER;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What becomes of a packet in a switch. */
  public enum Result {
    DELIVERED,
    FORWARDED,
    REJECTED,
    DROPPED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A table that the packet went through.
   *
   * @param match of the flow that took it; empty when no flow did
   * @param origin the object that the flow is there for
   */
  public record Step(
      int table, String name, Optional<String> match, int priority, Optional<Origin> origin) {}

  /**
   * What a flow is there for.
   *
   * @param text in words
   * @param policy when it is a rule's
   * @param rule its index
   */
  public record Origin(String text, Optional<String> policy, Optional<Integer> rule) {}
}
