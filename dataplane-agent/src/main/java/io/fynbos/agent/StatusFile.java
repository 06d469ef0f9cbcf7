package io.fynbos.agent;

import io.fynbos.agent.event.EventThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the status beside the agent's other files whenever it has changed, and not more often. */
final class StatusFile {
  private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);
  private static final Duration PERIOD = Duration.ofMillis(500);

  private final Path path;
  private final EventThread events;
  private final Executor disk;
  private final Supplier<Status> status;
  private Optional<Status> written = Optional.empty();

  StatusFile(Path path, EventThread events, Executor disk, Supplier<Status> status) {
    this.path = path;
    this.events = events;
    this.disk = disk;
    this.status = status;
  }

  void start() {
    events.every(PERIOD, this::look);
  }

  private void look() {
    Status now = status.get();
    if (!written.equals(Optional.of(now))) {
      written = Optional.of(now);
      disk.execute(() -> write(now));
    }
  }

  private void write(Status now) {
    Path next = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.writeString(next, now.toJson() + "\n");
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("event=status-not-written reason=\"{}\"", e.getMessage());
    }
  }
}
