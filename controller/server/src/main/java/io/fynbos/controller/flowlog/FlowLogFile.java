package io.fynbos.controller.flowlog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow log on disk: {@code flow.jsonl}, and the files before it, {@code flow.jsonl.1} being the
 * newest of them. One thread writes; whoever appends never waits for it.
 */
public final class FlowLogFile implements AutoCloseable {

  /**
   * How much is kept.
   *
   * @param fileBytes the size at which a file is put aside
   * @param files how many are kept, the one that is written included
   */
  public record Limits(long fileBytes, int files) {
    public static final Limits DEFAULT = new Limits(16L << 20, 8);
  }

  /** Appends that may wait for the disk; one more is dropped. */
  static final int WAITING_MAX = 256;

  private static final Logger LOG = LoggerFactory.getLogger(FlowLogFile.class);
  private static final int STOP_MILLIS = 2_000;

  private record Lines(String text, int count) {}

  private final Path path;
  private final Limits limits;
  private final FlowLogGauges gauges;
  private final BlockingQueue<Lines> queue = new ArrayBlockingQueue<>(WAITING_MAX);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread = new Thread(this::run, "flow-log");
  private volatile boolean open = true;
  private Optional<FileChannel> channel = Optional.empty();
  private boolean complained;

  private FlowLogFile(Path path, Limits limits, FlowLogGauges gauges) {
    this.path = path;
    this.limits = limits;
    this.gauges = gauges;
  }

  /** The log in a directory; the file is made with the first line. */
  public static FlowLogFile in(Path directory, Limits limits, FlowLogGauges gauges) {
    FlowLogFile file = new FlowLogFile(directory.resolve("flow.jsonl"), limits, gauges);
    file.thread.setDaemon(true);
    file.thread.start();
    return file;
  }

  /** Has whole lines written; drops them when too many wait. */
  void append(String text, int count) {
    if (!text.isEmpty() && !(open && queue.offer(new Lines(text, count)))) {
      lost(count);
    }
  }

  private void lost(int count) {
    dropped.addAndGet(count);
    gauges.dropped(FlowLogGauges.Loss.FILE, count);
  }

  private void run() {
    try {
      while (open || !queue.isEmpty()) {
        Lines lines = queue.poll(100, TimeUnit.MILLISECONDS);
        if (lines != null) {
          write(lines);
        }
      }
    } catch (InterruptedException e) {
      LOG.warn("event=flow-log-cut-short waiting={}", queue.size());
    }
    shut();
  }

  private void write(Lines lines) {
    try {
      long gone = dropped.getAndSet(0);
      if (gone > 0) {
        put("{\"dropped\":" + gone + ",\"where\":\"file\"}\n");
      }
      put(lines.text());
      complained = false;
    } catch (IOException e) {
      lost(lines.count());
      shut();
      if (!complained) {
        LOG.error("event=flow-log-failed path={} error=\"{}\"", path, e.toString());
        complained = true;
      }
    }
  }

  private void put(String lines) throws IOException {
    byte[] text = lines.getBytes(StandardCharsets.UTF_8);
    FileChannel now = channel.isPresent() ? channel.get() : opened();
    if (now.size() > 0 && now.size() + text.length > limits.fileBytes()) {
      shut();
      putAside();
      now = opened();
    }
    ByteBuffer bytes = ByteBuffer.wrap(text);
    while (bytes.hasRemaining()) {
      now.write(bytes);
    }
  }

  private FileChannel opened() throws IOException {
    FileChannel now =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND,
                LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    channel = Optional.of(now);
    return now;
  }

  /** The oldest goes, every other moves one on. */
  private void putAside() throws IOException {
    for (int i = limits.files() - 1; i > 0; i--) {
      Path from = i == 1 ? path : aside(i - 1);
      if (Files.exists(from)) {
        Files.move(from, aside(i), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.deleteIfExists(path);
  }

  private Path aside(int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }

  private void shut() {
    try {
      if (channel.isPresent()) {
        channel.get().close();
      }
    } catch (IOException e) {
      LOG.warn("event=flow-log-close-failed error=\"{}\"", e.toString());
    }
    channel = Optional.empty();
  }

  /** Writes what waits, within two seconds, and closes. */
  @Override
  public void close() {
    open = false;
    try {
      thread.join(STOP_MILLIS);
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
