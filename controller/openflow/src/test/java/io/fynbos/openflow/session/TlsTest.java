package io.fynbos.openflow.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutual TLS, with certificates made by openssl, against a real Open vSwitch. */
class TlsTest {
  @TempDir private Path directory;
  private final Listening listening = new Listening();

  @BeforeEach
  void certificates() {
    assumeTrue(Files.exists(Path.of("/usr/bin/openssl")), "openssl is not installed");
    authority("ca");
    authority("other-ca");
    certificate("controller", "ca");
    certificate("switch", "ca");
    certificate("stranger", "other-ca");
  }

  private void authority(String name) {
    run(
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=%s -keyout %s -out %s"
            .formatted(name, file(name + ".key"), file(name + ".pem")));
  }

  private void certificate(String name, String authority) {
    run(
        "req -newkey rsa:2048 -nodes -subj /CN=%s -keyout %s -out %s"
            .formatted(name, file(name + ".key"), file(name + ".csr")));
    run(
        "x509 -req -days 2 -in %s -CA %s -CAkey %s -CAcreateserial -out %s"
            .formatted(
                file(name + ".csr"),
                file(authority + ".pem"),
                file(authority + ".key"),
                file(name + ".pem")));
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private void run(String words) {
    try {
      Process process =
          new ProcessBuilder(("openssl " + words).split(" ")).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private OpenFlowServer listen() {
    return OpenFlowServer.listen(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        Optional.of(new TlsFiles(file("controller.key"), file("controller.pem"), file("ca.pem"))),
        SessionLimits.DEFAULT,
        listening);
  }

  @Test
  void aSwitchWithACertificateOfOursIsTakenAndAStrangerIsNot() {
    try (PrivateSwitch ovs = PrivateSwitch.start();
        OpenFlowServer server = listen()) {
      String target = "set-controller br0 ssl:127.0.0.1:" + server.address().getPort();
      ovs.vsctl(
          "set-ssl %s %s %s".formatted(file("stranger.key"), file("stranger.pem"), file("ca.pem")));
      ovs.vsctl(target);
      try (Socket plain = new Socket()) {
        plain.connect(server.address());
        plain.setSoTimeout(5_000);
        plain.getOutputStream().write(new byte[] {6, 0, 0, 8, 0, 0, 0, 1});
        assertThat(plain.getInputStream().readAllBytes().length).isLessThan(64);
      } catch (IOException reset) {
        assertThat(reset).isNotNull();
      }
      assertThat(listening.connected).isEmpty();

      ovs.vsctl(
          "set-ssl %s %s %s".formatted(file("switch.key"), file("switch.pem"), file("ca.pem")));
      SwitchSession session = Listening.next(listening.connected);
      assertThat(session.datapathId()).isEqualTo(0xab);
      session.barrier().join();
    }
  }

  @Test
  void aFileThatIsMissingOrDoesNotFitIsNamed() {
    Path missing = file("missing.pem");
    TlsFiles noKey = new TlsFiles(missing, file("controller.pem"), file("ca.pem"));
    assertThatThrownBy(noKey::serverContext)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot read the TLS file " + missing);
    TlsFiles noPem = new TlsFiles(file("controller.csr"), file("controller.pem"), file("ca.pem"));
    assertThatThrownBy(noPem::serverContext)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("PKCS#8 PEM");
  }
}
