package io.fynbos.labs.check;

import java.util.Optional;
import java.util.Set;

/**
 * What became of a probe.
 *
 * @param arrivedAt the guests that got it
 * @param answered whether something came back to the sender
 */
public record Outcome(Probe probe, Set<String> arrivedAt, boolean answered) {
  public Outcome {
    arrivedAt = Set.copyOf(arrivedAt);
  }

  /** Whether something has not been seen that should have been: a packet, or what answers it. */
  boolean missing() {
    return switch (probe.fate()) {
      case ARRIVES ->
          !arrived() || (probe.answering() && probe.service().alwaysAnswered() && !answered);
      case REJECTED -> !answered && probe.service().refusable();
      case VANISHES -> false;
    };
  }

  private boolean arrived() {
    return probe.receiver().filter(guest -> arrivedAt.contains(guest.name())).isPresent();
  }

  /** Whether it stayed out and its sender was told so. */
  boolean rejected() {
    return arrivedAt.isEmpty() && answered;
  }

  /** How this differs from what must be, in words; nothing when it does not. */
  public Optional<String> difference() {
    Optional<String> wrongGuest =
        arrivedAt.stream()
            .filter(guest -> probe.receiver().filter(right -> right.name().equals(guest)).isEmpty())
            .sorted()
            .findFirst();
    if (wrongGuest.isPresent()) {
      return said(" arrived at " + wrongGuest.get() + ", whom it does not concern");
    }
    return switch (probe.fate()) {
      case ARRIVES ->
          !arrived()
              ? said(" is allowed and " + (answered ? "was refused on its way" : "did not arrive"))
              : missing() ? said(" arrived, and no answer came back") : Optional.empty();
      case VANISHES ->
          arrived()
              ? said(" is to be blocked and ARRIVED")
              : answered
                  ? said(" is to be dropped without a word, and its sender was told")
                  : Optional.empty();
      case REJECTED ->
          arrived()
              ? said(" is to be rejected and ARRIVED")
              : missing()
                  ? said(" is to be rejected, and its sender was not told")
                  : Optional.empty();
    };
  }

  private Optional<String> said(String what) {
    return Optional.of(probe + what);
  }
}
