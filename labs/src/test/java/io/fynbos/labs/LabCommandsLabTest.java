package io.fynbos.labs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.labs.e2e.TestLabs;
import io.fynbos.labs.net.Namespace;
import io.fynbos.labs.runner.Await;
import io.fynbos.labs.runner.Lab;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab commands, as somebody types them. */
@Tag("lab")
class LabCommandsLabTest {
  private static final String LAB = TestLabs.name("commands");

  @TempDir private static Path folder;

  private record Said(int status, String out, String errors) {}

  private static Said fynbosLab(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        LabMain.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(errors, true, StandardCharsets.UTF_8),
            arguments);
    return new Said(
        status, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
  }

  /** One host; of its two guests one has no endpoint yet. */
  @BeforeAll
  static void up() throws IOException {
    Path file = folder.resolve("lab.yaml");
    Files.writeString(
        file,
        """
        name: %s
        hosts: [{name: h1}]
        guests:
        - {name: one, host: h1, endpoint: red/one, serves: [tcp/80, udp/53]}
        - {name: late, host: h1, endpoint: red/late}
        apply:
        - {kind: Universe, name: red, prefixes: [10.0.0.0/16], defaults: {in: allow, out: allow}}
        - {kind: Endpoint, universe: red, name: one, addresses: [10.0.0.1]}
        """
            .formatted(LAB));
    Said said = fynbosLab("up", file.toString());
    assertThat(said.errors()).isEmpty();
    assertThat(said.status()).isZero();
    assertThat(said.out()).contains("lab " + LAB + " is up").contains("fyn-" + LAB + "-one");
  }

  @AfterAll
  static void downLeavesNothing() {
    assertThat(fynbosLab("down", LAB).out()).contains(LAB + " is gone");
    assertThat(Namespace.named("fyn-" + LAB + "-")).isEmpty();
    assertThat(Path.of("/run/fynbos/labs", LAB)).doesNotExist();
    assertThat(fynbosLab("down", LAB).out()).contains("there is no lab " + LAB);
  }

  @Test
  void aLabThatIsUpIsNotBroughtUpTwice() {
    Said said = fynbosLab("up", folder.resolve("lab.yaml").toString());
    assertThat(said.status()).isOne();
    assertThat(said.errors()).contains("up already").contains("fynbos lab down " + LAB);
  }

  @Test
  void whoWaitsForAnotherCommandIsToldItsProcess() throws Exception {
    String name = LAB + "-held";
    Path lock = Path.of("/run/fynbos/labs", "." + name + ".lock");
    Files.writeString(lock, "4711\n");
    Process holder =
        new ProcessBuilder("socat", "OPEN:" + lock + ",f-setlkw-wr", "EXEC:sleep 60").start();
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PrintStream said = new PrintStream(out, true, StandardCharsets.UTF_8);
      assertThat(Await.until(() -> locked(lock), Duration.ofSeconds(5))).isTrue();
      Thread down = new Thread(() -> LabMain.run(said, said, "down", name));
      down.start();
      assertThat(
              Await.until(
                  () -> out.toString(StandardCharsets.UTF_8).contains("process 4711"),
                  Duration.ofSeconds(5)))
          .isTrue();
      holder.destroyForcibly();
      down.join(Duration.ofSeconds(10).toMillis());
      assertThat(out.toString(StandardCharsets.UTF_8)).contains("there is no lab " + name);
    } finally {
      holder.descendants().forEach(ProcessHandle::destroyForcibly);
      holder.destroyForcibly();
    }
  }

  private static boolean locked(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aLabThatCannotComeUpSaysHowToTakeItAway() throws IOException {
    String name = LAB + "-bad";
    Path file = folder.resolve("bad.yaml");
    Files.writeString(
        file,
        "{name: %s, hosts: [{name: h1}], guests: [], apply: [{kind: SecurityGroup, universe: nowhere, name: web}]}"
            .formatted(name));
    try {
      Said said = fynbosLab("up", file.toString());
      assertThat(said.status()).isOne();
      assertThat(said.errors()).contains("nowhere").contains("fynbos lab down " + name);
    } finally {
      assertThat(fynbosLab("down", name).out()).contains(name + " is gone");
    }
  }

  @Test
  void statusNamesEveryProcessAndGuest() {
    Said said = fynbosLab("status", "--lab", LAB);
    assertThat(said.out()).contains("vswitchd", "ovsdb-server", "agent", "controller", "10.0.0.1");
    assertThat(fynbosLab("status", "--lab", LAB, "-o", "json").out())
        .contains("\"controllerAnswers\" : true");
  }

  @Test
  void execPassesTheExitStatusOn() {
    assertThat(fynbosLab("exec", "--lab", LAB, "one", "--", "sh", "-c", "exit 7").status())
        .isEqualTo(7);
    assertThat(fynbosLab("exec", "--lab", LAB, "one", "ip", "-br", "addr").status()).isZero();
    Said nobody = fynbosLab("exec", "--lab", LAB, "nobody", "--", "true");
    assertThat(nobody.status()).isOne();
    assertThat(nobody.errors()).contains("there is no node 'nobody'").contains("late");
  }

  @Test
  void aGuestWhoseEndpointComesLaterGetsItsAddressThen() {
    Lab lab = Lab.open(Optional.of(LAB));
    assertThat(fynbosLab("status", "--lab", LAB).out()).containsPattern("late .*unknown");
    try (var api = lab.api()) {
      long revision =
          api.apply(
              "[{\"kind\":\"Endpoint\",\"universe\":\"red\",\"name\":\"late\",\"addresses\":[\"10.0.0.2\"]}]");
      api.awaitApplied(revision, Duration.ofSeconds(10));
    }
    assertThat(
            Await.until(
                () ->
                    fynbosLab("exec", "--lab", LAB, "late", "ping", "-c1", "-W1", "10.0.0.1")
                            .status()
                        == 0,
                Duration.ofSeconds(20)))
        .isTrue();
  }

  @Test
  void whatDoesNotExistIsNamed() {
    assertThat(fynbosLab("up", "nowhere").errors())
        .contains("there is no topology 'nowhere'")
        .contains("two-hosts");
    assertThat(fynbosLab("kill", "--lab", LAB, "h1", "nginx").errors())
        .contains("there is no process 'nginx' on 'h1'")
        .contains("vswitchd");
    assertThat(fynbosLab("link", "--lab", LAB, "h1", "one", "down").status()).isZero();
    assertThat(fynbosLab("link", "--lab", LAB, "h1", "one", "up").status()).isZero();
    assertThat(fynbosLab("link", "--lab", LAB, "one", "late", "down").errors())
        .contains("there is no link between 'one' and 'late'");
    assertThat(fynbosLab("link", "--lab", LAB, "h1", "net", "sideways").status()).isEqualTo(2);
    assertThat(fynbosLab("drill", "--lab", LAB, "all").errors()).contains("there are none yet");
    assertThat(fynbosLab("fly").status()).isEqualTo(2);
  }
}
