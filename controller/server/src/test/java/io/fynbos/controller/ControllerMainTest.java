package io.fynbos.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.store.SqliteStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ControllerMainTest {
  private static final Pattern PORT = Pattern.compile("/127\\.0\\.0\\.1:([0-9]+)");

  @TempDir private Path directory;
  private String err = "";

  private int run(String... args) {
    StringWriter text = new StringWriter();
    int status = new CommandLine(new ControllerMain()).setErr(new PrintWriter(text)).execute(args);
    err = text.toString();
    return status;
  }

  @Test
  void wrongOptionsEndWithTwoAndSayWhatIsMeant() {
    assertThat(run("--api", "8181")).isEqualTo(2);
    assertThat(err).startsWith("--api is HOST:PORT, such as 127.0.0.1:8181, not 8181");
    assertThat(run("--openflow", "127.0.0.1:99999")).isEqualTo(2);
    assertThat(run("--api-tls-cert", "x.pem")).isEqualTo(2);
    assertThat(err).contains("--api-tls-key");
    assertThat(run("--read-back", "soon")).isEqualTo(2);
    assertThat(run("--frobnicate")).isEqualTo(2);
  }

  @Test
  void aStoreThatCannotBeUsedEndsItWithOne() throws IOException {
    try (SqliteStore store = SqliteStore.open(directory, SqliteStore.Limits.DEFAULT)) {
      assertThat(store.head().number()).isZero();
      assertThat(run("--data", directory.toString())).isEqualTo(1);
    }
    Files.writeString(directory.resolve("fynbos.db"), "not a database ".repeat(500));
    assertThat(run("--data", directory.toString())).isEqualTo(1);
  }

  /** The process as it runs, started on free ports. */
  private final class Running implements AutoCloseable {
    private final Process process;
    private final List<Integer> ports = new ArrayList<>();
    private final BufferedReader log;

    Running() throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-Xmx96m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ControllerMain.class.getName(),
                  "--data",
                  directory.resolve("data").toString(),
                  "--api",
                  "127.0.0.1:0",
                  "--api",
                  "127.0.0.1:0",
                  "--openflow",
                  "127.0.0.1:0")
              .redirectErrorStream(true)
              .start();
      log =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      Matcher matcher = PORT.matcher(line("event=controller-started"));
      while (matcher.find()) {
        ports.add(Integer.parseInt(matcher.group(1)));
      }
    }

    /** Reads the log up to a line with this. */
    String line(String with) throws IOException {
      StringBuilder seen = new StringBuilder();
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        seen.append(line).append('\n');
        if (line.contains(with)) {
          return line;
        }
      }
      throw new AssertionError("the log has no " + with + ":\n" + seen);
    }

    String send(int port, String method, String path, String body) throws Exception {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build();
      HttpClient client = HttpClient.newHttpClient();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
      process.toHandle().destroyForcibly();
    }
  }

  @Test
  void itStopsWhenToldAndGoesOnWhereItWas() throws Exception {
    try (Running first = new Running()) {
      assertThat(first.ports).as("two for the API, one for switches").hasSize(3);
      String universe = "{\"prefixes\": [\"10.0.0.0/16\"]}";
      assertThat(first.send(first.ports.get(0), "PUT", "/v1/universes/blue", universe))
          .isEqualTo("{\"revision\":1}");
      assertThat(first.send(first.ports.get(1), "GET", "/v1/universes", ""))
          .contains("\"name\":\"blue\"");
      first.process.toHandle().destroy();
      first.line("event=controller-stopped");
      assertThat(first.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    try (Running second = new Running()) {
      assertThat(second.send(second.ports.get(0), "GET", "/v1/revisions/latest", ""))
          .startsWith("{\"revision\":1,");
    }
  }
}
