package io.fynbos.labs.check;

import java.util.Optional;
import java.util.Set;

/**
 * What became of a probe.
 *
 * @param arrivedAt the guests that got it
 * @param answered whether something came back to the sender
 */
record Outcome(Probe probe, Set<String> arrivedAt, boolean answered) {
  Outcome {
    arrivedAt = Set.copyOf(arrivedAt);
  }

  /** Whether it did not arrive, or was not answered, though it should have been. */
  boolean missing() {
    return probe.allowed() && (!arrived() || (probe.service().alwaysAnswered() && !answered));
  }

  private boolean arrived() {
    return probe.receiver().filter(guest -> arrivedAt.contains(guest.name())).isPresent();
  }

  /** How this differs from what must be, in words; nothing when it does not. */
  Optional<String> difference() {
    String what =
        "%s → %s %s (%s)"
            .formatted(
                probe.sender().endpointText(),
                probe.receiver().map(guest -> guest.endpointText()).orElse("nobody"),
                probe.service(),
                probe.destination().getHostAddress());
    Optional<String> wrongGuest =
        arrivedAt.stream()
            .filter(guest -> probe.receiver().filter(right -> right.name().equals(guest)).isEmpty())
            .findFirst();
    if (wrongGuest.isPresent()) {
      return Optional.of(what + " arrived at " + wrongGuest.get() + ", whom it does not concern");
    }
    if (probe.allowed() && !arrived()) {
      return Optional.of(what + " is allowed and did not arrive");
    }
    if (!probe.allowed() && arrived()) {
      return Optional.of(what + " is to be blocked and ARRIVED");
    }
    if (missing()) {
      return Optional.of(what + " arrived, and no answer came back");
    }
    return Optional.empty();
  }
}
