package io.fynbos.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.api.ApiServer;
import io.fynbos.controller.api.EventStream;
import io.fynbos.controller.api.Pem;
import io.fynbos.controller.api.RunningApi;
import io.fynbos.controller.store.InMemoryStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller over HTTPS that asks its clients for a certificate, and the client commands. */
class TlsTest {
  @TempDir private Path directory;
  private String err = "";

  private int get(RunningApi api, String... options) {
    List<String> words = new ArrayList<>(List.of("get", "universes"));
    words.addAll(List.of("--api", "https://127.0.0.1:" + api.address().getPort()));
    words.addAll(List.of(options));
    StringWriter text = new StringWriter();
    int status =
        ClientMain.run(
            words.toArray(String[]::new),
            new PrintWriter(new StringWriter()),
            new PrintWriter(text));
    err = text.toString();
    return status;
  }

  @Test
  void onlyClientsWithACertificateThatTheAuthoritySignedGetIn() throws Exception {
    Pem server = Pem.make(directory, "server");
    Pem client = Pem.make(directory, "client");
    Pem stranger = Pem.make(directory, "stranger");
    ApiServer.Tls tls =
        new ApiServer.Tls(server.certificate(), server.key(), Optional.of(client.certificate()));
    try (RunningApi api =
        new RunningApi(new InMemoryStore(), Optional.of(tls), EventStream.Pace.DEFAULT)) {
      String ca = server.certificate().toString();
      String certificate = client.certificate().toString();
      String key = client.key().toString();
      assertThat(get(api, "--ca", ca, "--cert", certificate, "--key", key)).as(err).isZero();
      assertThat(get(api, "--ca", ca)).isEqualTo(1);
      assertThat(err).contains("no controller answers at https://127.0.0.1:");
      assertThat(
              get(
                  api,
                  "--ca",
                  ca,
                  "--cert",
                  stranger.certificate().toString(),
                  "--key",
                  stranger.key().toString()))
          .isEqualTo(1);
      assertThat(get(api, "--cert", certificate, "--key", key)).isEqualTo(1);
      assertThat(err).contains("PKIX");
      assertThat(get(api, "--ca", ca, "--cert", certificate)).isEqualTo(1);
      assertThat(err).contains("--cert and --key go together");
      assertThat(get(api, "--ca", key)).isEqualTo(1);
      assertThat(err).contains("cannot use the certificates");
    }
  }
}
