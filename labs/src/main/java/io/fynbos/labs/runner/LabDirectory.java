package io.fynbos.labs.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What is known of one lab across the commands that work on it, in {@code /run/fynbos/labs/NAME}:
 * its topology, its namespaces (written before they are made, so that a crash leaves nothing
 * unknown), its processes, its guests, logs and data. Root's only.
 */
public final class LabDirectory {
  private static final Path ROOT = Path.of("/run/fynbos/labs");
  private static final String TOPOLOGY = "topology.json";
  private static final String NAMESPACES = "namespaces.json";
  private static final String UP = "up";
  private static final int PID_CHARS_MAX = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String lab;
  private final Path path;

  public LabDirectory(String lab) {
    this.lab = lab;
    this.path = ROOT.resolve(lab);
  }

  public String lab() {
    return lab;
  }

  public Path path() {
    return path;
  }

  /** Every lab that left something here, whether it is up or half gone. */
  public static List<LabDirectory> all() {
    try (var entries = Files.list(ROOT)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> new LabDirectory(entry.getFileName().toString()))
          .sorted((one, other) -> one.lab.compareTo(other.lab))
          .toList();
    } catch (IOException none) {
      return List.of();
    }
  }

  public boolean exists() {
    return Files.isDirectory(path);
  }

  /** Begins a lab's record. */
  public void create(Topology topology, List<Namespace> namespaces) {
    directory(path);
    directory(logs());
    directory(path.resolve("nodes"));
    write(path.resolve(NAMESPACES), namespaces.stream().map(Namespace::name).toList());
    write(path.resolve(TOPOLOGY), topology);
  }

  /** The topology it was brought up with; nothing when it crashed before that was written. */
  public Optional<Topology> topology() {
    return read(path.resolve(TOPOLOGY), Topology.class);
  }

  /** The namespaces it made or was about to make. */
  public List<Namespace> namespaces() {
    return read(path.resolve(NAMESPACES), String[].class).stream()
        .flatMap(java.util.Arrays::stream)
        .map(Namespace::new)
        .toList();
  }

  /** Marks the lab as whole. */
  public void markUp() {
    write(path.resolve(UP), true);
  }

  public boolean up() {
    return Files.exists(path.resolve(UP));
  }

  public void record(ProcessRecord process) {
    write(
        directory(path.resolve("processes"))
            .resolve(process.node() + "." + process.process() + ".json"),
        process);
  }

  public Optional<ProcessRecord> process(String node, String process) {
    return read(
        path.resolve("processes").resolve(node + "." + process + ".json"), ProcessRecord.class);
  }

  public List<ProcessRecord> processes() {
    return all(path.resolve("processes"), ProcessRecord.class);
  }

  void record(GuestRecord guest) {
    write(directory(path.resolve("guests")).resolve(guest.name() + ".json"), guest);
  }

  Optional<GuestRecord> guest(String name) {
    return read(path.resolve("guests").resolve(name + ".json"), GuestRecord.class);
  }

  public Path logs() {
    return path.resolve("logs");
  }

  /** A folder of one node, for its databases, sockets and data. */
  public Path node(String name) {
    return path.resolve("nodes").resolve(name);
  }

  /** Does this while other commands that change this lab wait. */
  public <T> T locked(Function<Lock, T> action) {
    return locked(action, holder -> {});
  }

  /**
   * Does this while other commands that change this lab wait.
   *
   * @param waiting told once, when another command holds the lab, which one
   */
  public <T> T locked(Function<Lock, T> action, Consumer<String> waiting) {
    Lock lock = lock(waiting);
    try {
      return action.apply(lock);
    } finally {
      lock.close();
    }
  }

  private Lock lock(Consumer<String> waiting) {
    Path file = ROOT.resolve("." + lab + ".lock");
    try {
      while (true) {
        directory(ROOT);
        FileChannel channel =
            FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
          waiting.accept("waiting for another command that changes lab " + lab + holder(channel));
          channel.lock();
        }
        Lock lock = new Lock(channel, file);
        if (Files.exists(file)) {
          lock.sign();
          return lock;
        }
        lock.close();
      }
    } catch (IOException e) {
      throw new LabException(file + " cannot be locked: " + e.getMessage(), e);
    }
  }

  /** The process that the lock's file names, in words; nothing when it names none yet. */
  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(PID_CHARS_MAX);
    channel.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    return pid.isEmpty() ? "" : ": process " + pid;
  }

  /** Forgets the lab. */
  public void delete() {
    if (!exists()) {
      return;
    }
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                Path directory, @org.jspecify.annotations.Nullable IOException failed)
                throws IOException {
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new LabException(path + " cannot be deleted: " + e.getMessage(), e);
    }
  }

  /** Held while a command changes a lab. */
  public record Lock(FileChannel channel, Path file) {

    /** Writes who holds it, for those who wait. */
    private void sign() throws IOException {
      String pid = Long.toString(ProcessHandle.current().pid());
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    }

    /** Takes the lock's file away, as the lab's last trace; done while it is held. */
    void delete() {
      try {
        Files.deleteIfExists(file);
        Files.deleteIfExists(ROOT);
        Files.deleteIfExists(ROOT.getParent());
      } catch (DirectoryNotEmptyException otherLabs) {
        // They are theirs to delete.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Path directory(Path path) {
    try {
      return Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new LabException(path + " cannot be made: " + e.getMessage(), e);
    }
  }

  /** Whole or not at all: a command that dies meanwhile leaves the old file. */
  private static void write(Path file, Object value) {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      Files.write(fresh, JSON.writeValueAsBytes(value));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new LabException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static <T> Optional<T> read(Path file, Class<T> type) {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), type));
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  private static <T> List<T> all(Path directory, Class<T> type) {
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .flatMap(file -> read(file, type).stream())
          .toList();
    } catch (IOException none) {
      return List.of();
    }
  }
}
