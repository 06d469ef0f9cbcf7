package io.fynbos.labs.runner;

import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.topology.TopologyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where topologies are found: a file somebody names, or one of {@code labs/topologies}. */
public final class Topologies {
  private static final String SUFFIX = ".yaml";

  private Topologies() {}

  /** The topology of this name or file. */
  public static Topology find(String nameOrFile) {
    Path file = Path.of(nameOrFile);
    if (Files.isRegularFile(file)) {
      return TopologyFile.read(file);
    }
    return shipped()
        .map(folder -> folder.resolve(nameOrFile + SUFFIX))
        .filter(Files::isRegularFile)
        .map(TopologyFile::read)
        .orElseThrow(
            () ->
                new LabException(
                    "there is no topology '%s'; give a file, or one of: %s"
                        .formatted(nameOrFile, String.join(", ", names()))));
  }

  /** The names of those that come with Fynbos. */
  public static List<String> names() {
    return shipped().stream()
        .flatMap(
            folder -> {
              try (var files = Files.list(folder)) {
                return files.map(file -> file.getFileName().toString()).toList().stream();
              } catch (IOException none) {
                return java.util.stream.Stream.empty();
              }
            })
        .filter(name -> name.endsWith(SUFFIX))
        .map(name -> name.substring(0, name.length() - SUFFIX.length()))
        .sorted()
        .toList();
  }

  /** Beside the launcher, or, in a build, above the working directory. */
  private static Optional<Path> shipped() {
    Path start =
        Optional.ofNullable(System.getProperty("fynbos.launcher"))
            .map(launcher -> Path.of(launcher).toAbsolutePath())
            .orElseGet(() -> Path.of("").toAbsolutePath().resolve("here"));
    for (Path at = start.getParent(); at != null; at = at.getParent()) {
      Path folder = at.resolve("labs/topologies");
      if (Files.isDirectory(folder)) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }
}
