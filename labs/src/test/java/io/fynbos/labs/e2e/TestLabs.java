package io.fynbos.labs.e2e;

import io.fynbos.labs.runner.LabDirectory;
import io.fynbos.labs.runner.Removal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names for the labs of tests, so that two runs on one machine do not meet. */
public final class TestLabs {
  private static final Pattern OURS = Pattern.compile("t-.*-([0-9]+)");

  private TestLabs() {}

  /** A name of this run's own. What runs that died have left is taken away first. */
  public static String name(String what) {
    for (LabDirectory lab : LabDirectory.all()) {
      Matcher ours = OURS.matcher(lab.lab());
      if (ours.matches() && ProcessHandle.of(Long.parseLong(ours.group(1))).isEmpty()) {
        Removal.of(lab.lab());
      }
    }
    return "t-" + what + "-" + ProcessHandle.current().pid();
  }
}
