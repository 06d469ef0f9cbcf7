package io.fynbos.agent.revalidate;

import io.fynbos.agent.event.EventThread;
import io.fynbos.agent.unixctl.ControlSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conntrack zones that may hold connections on this host. A universe that leaves takes its
 * zone's connections with it, so that none is there when the number is another universe's.
 *
 * <p>A zone is on disk before the controller hears that it may be used, and until it has been
 * flushed: an agent that was away when a universe left flushes its zone when it is back. All
 * methods on the event thread.
 */
public final class Zones {
  private static final Logger LOG = LoggerFactory.getLogger(Zones.class);

  /** The switch looks at every connection it tracks. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Path file;
  private final ControlSocket control;
  private final String datapath;
  private final EventThread events;
  private final Executor disk;
  private SortedSet<Integer> known;

  /**
   * Begins with what the file names.
   *
   * @param datapath the datapath's name, such as {@code netdev@ovs-netdev}
   * @param disk where the file is written
   */
  public Zones(
      Path file, ControlSocket control, String datapath, EventThread events, Executor disk) {
    this.file = file;
    this.control = control;
    this.datapath = datapath;
    this.events = events;
    this.disk = disk;
    this.known = read(file);
  }

  /** Those that may hold connections. */
  public SortedSet<Integer> known() {
    return Collections.unmodifiableSortedSet(known);
  }

  /**
   * Flushes all known zones but these, which are known from now on; completes on the event thread.
   */
  public CompletableFuture<Void> keepOnly(SortedSet<Integer> inUse) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    SortedSet<Integer> gone = new TreeSet<>(known);
    gone.removeAll(inUse);
    if (known.containsAll(inUse)) {
      flush(new ArrayDeque<>(gone), done);
      return done;
    }
    SortedSet<Integer> both = new TreeSet<>(known);
    both.addAll(inUse);
    events.when(
        write(both),
        written -> {
          known = both;
          flush(new ArrayDeque<>(gone), done);
        },
        done::completeExceptionally);
    return done;
  }

  private void flush(Deque<Integer> gone, CompletableFuture<Void> done) {
    if (gone.isEmpty()) {
      done.complete(null);
      return;
    }
    int zone = gone.remove();
    events.when(
        run(zone),
        text -> {
          LOG.info("event=zone-flushed zone={}", zone);
          known.remove(zone);
          if (gone.isEmpty()) {
            events.when(write(known), written -> done.complete(null), done::completeExceptionally);
          } else {
            flush(gone, done);
          }
        },
        done::completeExceptionally);
  }

  /**
   * Open vSwitch 3.1 takes the datapath for a field of a connection; there it must be the only one.
   */
  private CompletableFuture<String> run(int zone) {
    String command = "dpctl/flush-conntrack";
    String words = "zone=" + zone;
    return control
        .run(LIMIT, command, datapath, words)
        .exceptionallyCompose(failure -> control.run(LIMIT, command, words));
  }

  private CompletableFuture<Void> write(SortedSet<Integer> zones) {
    List<String> lines = zones.stream().map(String::valueOf).toList();
    return CompletableFuture.runAsync(() -> write(file, lines), disk);
  }

  private static void write(Path file, List<String> lines) {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(next, lines);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SortedSet<Integer> read(Path file) {
    SortedSet<Integer> zones = new TreeSet<>();
    try {
      if (Files.exists(file)) {
        Files.readAllLines(file).forEach(line -> zones.add(Integer.parseInt(line)));
      }
    } catch (IOException | NumberFormatException e) {
      LOG.error("event=zones-unreadable reason=\"{}\"", e.getMessage());
    }
    return zones;
  }
}
