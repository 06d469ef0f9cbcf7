package io.fynbos.policy.decide;

import io.fynbos.policy.model.Revision;
import java.util.Optional;

/** What must hold of an object for a command about it to be carried out. */
public sealed interface Precondition {
  /** Holds always. */
  Precondition NONE = new None();

  /** Whether it holds of an object last changed at the revision, or of one that is not there. */
  boolean holds(Optional<Revision> found);

  /** What it asks for, for a sentence. */
  String sentence();

  /** No condition. */
  record None() implements Precondition {
    @Override
    public boolean holds(Optional<Revision> found) {
      return true;
    }

    @Override
    public String sentence() {
      return "anything";
    }
  }

  /** {@code If-Match: "12"}. */
  record At(Revision revision) implements Precondition {
    @Override
    public boolean holds(Optional<Revision> found) {
      return found.equals(Optional.of(revision));
    }

    @Override
    public String sentence() {
      return "revision " + revision;
    }
  }

  /** {@code If-Match: *}. */
  record Existing() implements Precondition {
    @Override
    public boolean holds(Optional<Revision> found) {
      return found.isPresent();
    }

    @Override
    public String sentence() {
      return "any revision";
    }
  }

  /** {@code If-None-Match: *}. */
  record Absent() implements Precondition {
    @Override
    public boolean holds(Optional<Revision> found) {
      return found.isEmpty();
    }

    @Override
    public String sentence() {
      return "that it does not exist";
    }
  }
}
