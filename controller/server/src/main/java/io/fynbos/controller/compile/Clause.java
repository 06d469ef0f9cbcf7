package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.Match;
import java.util.List;

/**
 * One condition of a rule: that any of its terms matches.
 *
 * @param subject whose identities the terms begin with
 * @param each what is joined to each identity; without identities in it there is one term for each
 * @param fixed terms that stand beside those of the identities
 */
record Clause(Subject subject, List<Match> each, List<Match> fixed) {
  /** Whose identities a clause is about. */
  enum Subject {
    /** Of endpoints on the host that the policy applies to. */
    JUDGED,
    /** Of the members of the groups that are peers. */
    PEERS,
    /** Nobody's. */
    NOBODY
  }

  Clause {
    each = List.copyOf(each);
    fixed = List.copyOf(fixed);
  }

  static Clause judged(List<Match> each) {
    return new Clause(Subject.JUDGED, each, List.of());
  }

  static Clause peers(List<Match> each, List<Match> fixed) {
    return new Clause(Subject.PEERS, each, fixed);
  }

  static Clause fixed(List<Match> terms) {
    return new Clause(Subject.NOBODY, List.of(), terms);
  }
}
