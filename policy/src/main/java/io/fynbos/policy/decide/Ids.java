package io.fynbos.policy.decide;

import io.fynbos.policy.model.Mac;
import java.util.UUID;

/**
 * Where ids and MACs come from that a document leaves to be assigned; the shell's is random, the
 * tests' is seeded.
 */
public interface Ids {
  /** A UUID that was not given before. */
  UUID uuid();

  /** A unicast, locally administered MAC; it may be in use already, then the decider asks again. */
  Mac mac();
}
