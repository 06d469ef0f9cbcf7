package io.fynbos.controller.reconcile;

/** A host's agent did not answer a question; the message says why, for a person. */
public final class Unanswered extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unanswered(String reason) {
    super(reason, null, false, false);
  }
}
