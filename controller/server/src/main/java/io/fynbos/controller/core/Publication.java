package io.fynbos.controller.core;

import io.fynbos.controller.store.Commit;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import java.util.List;

/**
 * What has just become durable.
 *
 * @param before the image before the first of the commits
 * @param after the image after the last of them
 * @param commits one or more, in order
 */
public record Publication(Image before, Image after, List<Commit> commits) {
  public Publication {
    commits = List.copyOf(commits);
  }

  /** The changes of all commits, in order. */
  public List<Change> changes() {
    return commits.stream().flatMap(commit -> commit.changes().stream()).toList();
  }
}
