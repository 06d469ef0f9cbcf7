package io.fynbos.labs.runner;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells whoever waits what has been done so far, and how long it took since the beginning. */
public final class Progress {
  private final PrintStream out;
  private final long beganNanos = System.nanoTime();

  public Progress(PrintStream out) {
    this.out = out;
  }

  /** One step is done. */
  public synchronized void done(String what) {
    out.println(seconds(elapsed()) + "  " + what);
    out.flush();
  }

  /** The time since this was made. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - beganNanos);
  }

  /** Seconds with one digit behind the point, padded: {@code " 3.4 s"}. */
  public static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%5.1f s", duration.toNanos() / 1e9);
  }
}
