package io.fynbos.agent.unixctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fynbos.agent.support.PrivateOvs;
import io.fynbos.agent.support.Threads;
import io.fynbos.agent.support.UnixDaemon;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyHeadTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Threads threads = new Threads();

  @AfterEach
  void stop() {
    threads.close();
  }

  private ControlSocket.Head head(UnixDaemon daemon, int bytesMax)
      throws InterruptedException, ExecutionException {
    return new ControlSocket(threads.loop(), daemon.directory(), "d", Runnable::run)
        .head(LIMIT, bytesMax, "any", List.of())
        .get();
  }

  @Test
  void aShortTextIsWholeAndALongOneIsCut() throws Exception {
    String text = "line \"1\"\n\tline 2\\\n".repeat(1_000);
    try (UnixDaemon daemon = new UnixDaemon("d", request -> text)) {
      assertThat(head(daemon, 1 << 20)).isEqualTo(new ControlSocket.Head(text, true));
      for (int bytes = 100; bytes < 200; bytes++) {
        ControlSocket.Head cut = head(daemon, bytes);
        assertThat(cut.whole()).isFalse();
        assertThat(text).startsWith(cut.text());
        assertThat(cut.text().length()).isBetween(bytes / 2, bytes);
      }
    }
  }

  @Test
  void aRealDaemonAnswersAndRefuses() throws Exception {
    try (PrivateOvs ovs = PrivateOvs.create().startDatabase()) {
      ControlSocket control =
          new ControlSocket(threads.loop(), ovs.directory(), "ovsdb-server", Runnable::run);
      ControlSocket.Head whole = control.head(LIMIT, 1 << 20, "list-commands", List.of()).get();
      assertThat(whole.text()).contains("ovsdb-server/compact");
      ControlSocket.Head cut = control.head(LIMIT, 200, "list-commands", List.of()).get();
      assertThat(cut.whole()).isFalse();
      assertThat(whole.text()).startsWith(cut.text());
      assertThat(cut.text().length()).isGreaterThan(100);
      assertThatThrownBy(() -> control.head(LIMIT, 1 << 20, "no/such", List.of()).get())
          .hasMessageContaining("is not a valid command");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":0,\"result\":\"abc|abc",
        "{\"id\":0,\"result\":\"abc\\|abc",
        "{\"id\":0,\"result\":\"abc\\u00|abc",
        "{\"id\":0,\"result\":\"a\\u0041\\/b|aA/b",
        "{\"id\":0,\"result\":\"abc\",\"er|abc",
        "{\"id\":0,\"result\":\"\\uzzzz!|?!",
        "{\"id\":0,\"res|``",
      })
  void theBeginningOfAMessageIsTakenApart(String json, String text) {
    assertThat(ReplyHead.beginning(json)).isEqualTo(text);
  }
}
