package io.fynbos.policy.report;

import java.util.List;

/** What a host's agent answers to a question. */
public sealed interface HostAnswer {

  /** What the switch printed. */
  record Text(String text) implements HostAnswer {}

  /**
   * What the host tracks.
   *
   * @param truncated whether there were more than it was asked for
   */
  record Connections(List<TrackedConnection> connections, boolean truncated) implements HostAnswer {
    /** Connections in one answer. */
    public static final int CONNECTIONS_MAX = 20_000;

    public Connections {
      connections = List.copyOf(connections);
    }
  }

  /** Why there is no answer. */
  record Failure(String error) implements HostAnswer {}
}
