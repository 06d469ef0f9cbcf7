package io.fynbos.openflow.wire;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Open vSwitch's own reader of messages, where it is installed. */
final class Ofctl {
  private Ofctl() {}

  /** What ovs-ofctl prints of each of these messages, given in hexadecimal. */
  static List<String> print(List<String> messages) {
    assumeTrue(Files.exists(Path.of("/usr/bin/ovs-ofctl")), "Open vSwitch is not installed");
    return messages.stream().map(Ofctl::print).toList();
  }

  private static String print(String message) {
    try {
      Process process =
          new ProcessBuilder(Stream.of("ovs-ofctl", "--no-names", "ofp-print", message).toList())
              .redirectErrorStream(true)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return text.replaceAll("\\(xid=0x[0-9a-f]+\\)", "").strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
