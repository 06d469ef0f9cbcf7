package io.fynbos.labs.net;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What this machine allows: who runs us, and which tools are there. */
public final class Machine {
  /** Where tools are looked for besides PATH, which often lacks the system's half. */
  private static final List<String> SYSTEM_PATH = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");

  private Machine() {}

  public static boolean runByRoot() {
    return Libc.geteuid() == 0;
  }

  /** Those of these tools that are not installed. */
  public static List<String> missing(List<String> tools) {
    return tools.stream().filter(tool -> tool(tool).isEmpty()).toList();
  }

  /** Where a tool is. */
  public static Optional<Path> tool(String name) {
    List<String> path =
        Arrays.asList(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"));
    return java.util.stream.Stream.concat(path.stream(), SYSTEM_PATH.stream())
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
