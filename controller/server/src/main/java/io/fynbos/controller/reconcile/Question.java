package io.fynbos.controller.reconcile;

import io.fynbos.policy.model.UniverseNumber;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a host's agent is asked, to be answered once and soon. */
public sealed interface Question {

  /**
   * Which way a packet would go through the host's switch.
   *
   * @param flow the packet as {@code ofproto/trace} takes it
   * @param ctNext the state that each tracking of it finds, in order
   */
  record Trace(String flow, List<String> ctNext) implements Question {
    public Trace {
      ctNext = List.copyOf(ctNext);
    }
  }

  /** Which connections of some universes the host tracks, up to a limit. */
  record Connections(SortedSet<UniverseNumber> universes, int limit) implements Question {
    public Connections {
      universes = new TreeSet<>(universes);
    }
  }
}
