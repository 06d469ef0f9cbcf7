package io.fynbos.controller.store;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.model.Revision;
import java.util.List;

/**
 * The changes that were made together.
 *
 * @param revision the number that they have in the log
 * @param changes in the order in which the image takes them
 */
public record Commit(Revision revision, List<Change> changes) {
  public Commit {
    changes = List.copyOf(changes);
  }
}
