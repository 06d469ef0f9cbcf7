package io.fynbos.labs.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A process of a lab. The kernel reuses process ids, so the start time stands beside it: only the
 * process that has both is ours.
 *
 * @param startTicks field 22 of /proc/PID/stat
 */
public record ProcessRecord(String node, String process, long pid, long startTicks) {

  /** The record of a process that runs now. */
  public static ProcessRecord of(String node, String process, long pid) {
    return new ProcessRecord(
        node,
        process,
        pid,
        startTicks(pid)
            .orElseThrow(
                () -> new LabException(process + " of " + node + " ended as soon as it began")));
  }

  public boolean running() {
    return startTicks(pid).equals(Optional.of(startTicks));
  }

  /**
   * Sends a signal by its name without SIG. Nothing happens when the process is gone.
   *
   * @return whether it was running
   */
  public boolean signal(String signal) {
    if (!running()) {
      return false;
    }
    io.fynbos.labs.net.Command.of("kill", "-s", signal, Long.toString(pid)).run();
    return true;
  }

  /** Waits until it has ended, at most this long. */
  public boolean awaitEnd(Duration longest) {
    return Await.until(() -> !running(), longest);
  }

  /** Resident memory in KiB, 0 when it is gone. */
  public long residentKibibytes() {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException gone) {
      return 0;
    }
  }

  /** A zombie counts as ended: nobody can run in it any more. */
  private static Optional<Long> startTicks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return fields[0].equals("Z") ? Optional.empty() : Optional.of(Long.valueOf(fields[19]));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
