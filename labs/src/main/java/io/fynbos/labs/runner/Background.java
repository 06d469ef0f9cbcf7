package io.fynbos.labs.runner;

import io.fynbos.labs.net.Namespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starting what is to outlive the command that starts it: in a session of its own, with a log. */
final class Background {
  private Background() {}

  static ProcessRecord start(
      LabDirectory records, String node, String process, Namespace namespace, List<String> words) {
    Path log = records.logs().resolve(node + "." + process + ".log");
    try {
      List<String> own = io.fynbos.labs.net.Command.words(List.of("setsid"));
      own.addAll(words);
      Process started =
          new ProcessBuilder(namespace.prefixed(own))
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      ProcessRecord record = ProcessRecord.of(node, process, started.pid());
      records.record(record);
      return record;
    } catch (IOException e) {
      throw new LabException(process + " of " + node + " cannot be started: " + e.getMessage(), e);
    }
  }
}
