package io.fynbos.policy.decide;

import io.fynbos.policy.image.Change;
import java.util.List;
import java.util.OptionalInt;

/** The answer to a command. */
public sealed interface Decision {
  /**
   * The changes to commit, in this order, under one revision; none when everything is as asked
   * already.
   */
  record Accepted(List<Change> changes) implements Decision {
    public Accepted {
      changes = List.copyOf(changes);
    }
  }

  /**
   * Nothing changes.
   *
   * @param edit which edit of a batch was refused, counted from 0, when it was one
   */
  record Refused(Refusal refusal, OptionalInt edit) implements Decision {
    public Refused(Refusal refusal) {
      this(refusal, OptionalInt.empty());
    }
  }
}
