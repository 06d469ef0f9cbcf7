package io.fynbos.agent.unixctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fynbos.agent.support.PrivateOvs;
import io.fynbos.agent.support.Threads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Threads threads = new Threads();

  @AfterEach
  void stop() {
    threads.close();
  }

  @Test
  void commandsOfARealDaemonAnswer() throws Exception {
    try (PrivateOvs ovs = PrivateOvs.create().startDatabase()) {
      ControlSocket control =
          new ControlSocket(threads.loop(), ovs.directory(), "ovsdb-server", Runnable::run);
      assertThat(control.run(LIMIT, "version").get()).contains("ovsdb-server (Open vSwitch)");
      assertThat(control.run(LIMIT, "ovsdb-server/list-dbs").get()).contains("Open_vSwitch");
    }
  }

  @Test
  void anUnknownCommandIsRefusedWithTheDaemonsWords() {
    try (PrivateOvs ovs = PrivateOvs.create().startDatabase()) {
      ControlSocket control =
          new ControlSocket(threads.loop(), ovs.directory(), "ovsdb-server", Runnable::run);
      assertThatThrownBy(() -> control.run(LIMIT, "no/such").get())
          .hasMessageContaining("is not a valid command");
    }
  }

  @Test
  void theSocketIsFoundByTheProcessIdInThePidFile(@TempDir Path elsewhere) throws Exception {
    try (PrivateOvs ovs = PrivateOvs.create().startDatabase()) {
      Path socket = ovs.directory().resolve("ovsdb-server.ctl");
      Files.createSymbolicLink(elsewhere.resolve("ovsdb-server.4711.ctl"), socket);
      Files.writeString(elsewhere.resolve("ovsdb-server.pid"), "4711\n");
      ControlSocket control =
          new ControlSocket(threads.loop(), elsewhere, "ovsdb-server", Runnable::run);
      assertThat(control.run(LIMIT, "version").get()).contains("Open vSwitch");
    }
  }

  @Test
  void aDaemonThatIsNotThereFailsTheCommand(@TempDir Path empty) {
    ControlSocket control = new ControlSocket(threads.loop(), empty, "ovs-vswitchd", Runnable::run);
    assertThatThrownBy(() -> control.run(LIMIT, "version").get())
        .hasMessageContaining("no control socket of ovs-vswitchd");
  }
}
