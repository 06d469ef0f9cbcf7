package io.fynbos.agent.keeper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The file of kept flows. A write replaces it whole or not at all, whenever the process or the
 * machine dies; only its owner may read it.
 */
public final class FlowFile {
  private final Path path;
  private final Path next;

  /** The file {@code flows} in a directory, which is made if need be. */
  public FlowFile(Path directory) throws IOException {
    Files.createDirectories(directory);
    this.path = directory.resolve("flows");
    this.next = directory.resolve("flows.new");
  }

  /** What was kept; empty when nothing ever was. */
  public Optional<KeptFlows> read() throws IOException, KeptFlows.DamagedFile {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    return Optional.of(KeptFlows.decode(Files.readAllBytes(path)));
  }

  /** Keeps these bytes in place of what was. */
  public void write(byte[] bytes) throws IOException {
    Files.deleteIfExists(next);
    try (FileChannel channel =
        FileChannel.open(
            next,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(path.resolveSibling("."))) {
      directory.force(true);
    }
  }
}
