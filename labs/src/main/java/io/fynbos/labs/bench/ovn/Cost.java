package io.fynbos.labs.bench.ovn;

import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.runner.ProcessRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What some processes have used of the machine, as the kernel counts it. */
record Cost(double cpuSeconds, long residentKibibytes) {
  /**
   * Linux counts the time of processes in these; it is 100 on every architecture Fynbos runs on.
   */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  /** The sum over all of them, since each began. */
  static Cost of(List<ProcessRecord> processes) {
    double seconds = 0;
    long resident = 0;
    for (ProcessRecord process : processes) {
      seconds += cpuSeconds(process);
      resident += process.residentKibibytes();
    }
    return new Cost(seconds, resident);
  }

  private static double cpuSeconds(ProcessRecord process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
          / TICKS_PER_SECOND;
    } catch (IOException e) {
      throw new LabException(process.process() + " of " + process.node() + " has ended", e);
    }
  }
}
