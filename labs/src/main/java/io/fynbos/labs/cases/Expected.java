package io.fynbos.labs.cases;

import io.fynbos.labs.check.Fate;
import io.fynbos.labs.check.ProbeService;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Packet;
import java.util.Optional;

/** One packet between two endpoints, and what must become of it. */
public record Expected(
    Endpoint from,
    IpAddress source,
    Endpoint to,
    IpAddress destination,
    ProbeService service,
    Fate fate) {
  private static final int SOURCE_PORT = 40_000;

  /** What the oracle says otherwise, in words; nothing when it agrees. */
  public Optional<String> difference(Image image) {
    Packet packet = Packet.between(from, source, to, destination, service.transport(SOURCE_PORT));
    var verdict = Oracle.judge(image, packet);
    Fate judged = Fate.of(verdict);
    return judged == fate
        ? Optional.empty()
        : Optional.of(
            "%s: the table says %s, the oracle %s%n%s"
                .formatted(this, fate.word(), judged.word(), verdict.explanation()));
  }

  @Override
  public String toString() {
    return "%s → %s %s (%s)".formatted(from.ref(), to.ref(), service, destination);
  }
}
