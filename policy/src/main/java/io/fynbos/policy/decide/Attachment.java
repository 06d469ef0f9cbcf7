package io.fynbos.policy.decide;

import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Mac;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * An interface that a host has.
 *
 * @param id its iface-id, which is an endpoint's id if the endpoint is known
 * @param ofport its OpenFlow port
 * @param mac its attached-mac, when it says one
 */
public record Attachment(UUID id, int ofport, Optional<Mac> mac) {

  /** What becomes of an attachment. */
  public enum State {
    /** Its endpoint is bound to this port. */
    BOUND,
    /** There is no endpoint with this id. */
    UNKNOWN,
    /** Its endpoint is bound elsewhere already, or its port belongs to another; the first stays. */
    TAKEN,
    /** Its MAC is not the endpoint's. */
    MAC_DIFFERS;

    /** The word in the API. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
      return text();
    }
  }

  /** An attachment with its endpoint, if there is one, and its state. */
  public record Judged(Attachment attachment, Optional<EndpointRef> endpoint, State state) {}
}
