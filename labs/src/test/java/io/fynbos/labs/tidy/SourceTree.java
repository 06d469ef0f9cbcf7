package io.fynbos.labs.tidy;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources are that are being tested. */
public final class SourceTree {
  private SourceTree() {}

  /** The folder of the launcher: the working directory, or one above it. */
  public static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".ci/run"))) {
        return at;
      }
    }
    throw new IllegalStateException("not run inside the source tree");
  }
}
