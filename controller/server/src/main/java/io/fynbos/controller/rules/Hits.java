package io.fynbos.controller.rules;

import java.time.Instant;
import java.util.Optional;

/**
 * How often a rule was hit.
 *
 * @param last when it was seen to be hit last
 * @param differs packets that would be judged otherwise if the rule, which is on trial, were in
 *     force
 * @param differsBytes the bytes of those
 */
public record Hits(
    long packets, long bytes, Optional<Instant> last, long differs, long differsBytes) {
  public static final Hits NONE = new Hits(0, 0, Optional.empty(), 0, 0);

  Hits plus(Hits more) {
    Optional<Instant> later =
        last.isPresent() && (more.last.isEmpty() || last.get().isAfter(more.last.get()))
            ? last
            : more.last;
    return new Hits(
        packets + more.packets,
        bytes + more.bytes,
        later,
        differs + more.differs,
        differsBytes + more.differsBytes);
  }
}
