package io.fynbos.labs.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fynbos.labs.tidy.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a copied tree of its own, with a Maven and a JDK that are scripts which say how
 * they were called.
 */
class LauncherTest {
  private static final String FAKE_JAVA = "#!/bin/sh\nfor word; do echo \"<$word>\"; done\n";
  private static final String FAKE_MAVEN =
      """
      #!/bin/sh
      echo "mvn $*" >>"$FAKE_MAVEN_LOG"
      [ -z "$FAKE_MAVEN_FAILS" ] || { echo 'cannot find symbol'; exit 1; }
      mkdir -p labs/target/dist/lib
      echo jar >labs/target/dist/lib/labs.jar
      """;

  @TempDir Path folder;

  private final Map<String, String> environment = new LinkedHashMap<>();
  private Path tree;
  private Path bin;
  private Path mavenLog;

  private record Ended(int status, String output, String errors) {}

  @BeforeEach
  void copyTheLauncher() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    tree = Files.createDirectories(folder.resolve("a tree"));
    bin = Files.createDirectories(folder.resolve("bin"));
    mavenLog = folder.resolve("maven.log");
    script(tree.resolve("fynbos"), Files.readString(SourceTree.root().resolve("fynbos")));
    Files.writeString(tree.resolve("pom.xml"), "<project/>");
    script(bin.resolve("mvn"), FAKE_MAVEN);
    environment.put("PATH", bin + ":" + System.getenv("PATH"));
    environment.put("JAVA_HOME", jdk("17.0.9").toString());
    environment.put("FAKE_MAVEN_LOG", mavenLog.toString());
    environment.put("FYNBOS_API", "http://127.0.0.1:9");
  }

  @Test
  void helpNamesTheTwoCommandsOfTheReadme() throws Exception {
    assertThat(fynbos("help").output()).contains("sudo ./fynbos demo", "sudo ./fynbos test");
    assertThat(fynbos().output()).isEqualTo(fynbos("--help").output());
    assertThat(mavenLog).doesNotExist();
  }

  @Test
  void aMachineThatIsNotLinuxIsToldSo() throws Exception {
    script(bin.resolve("uname"), "#!/bin/sh\necho Darwin\n");

    Ended ended = fynbos("get", "universes");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.errors()).isEqualTo("fynbos: needs Linux with Open vSwitch; this is Darwin\n");
  }

  @Test
  void argumentsReachTheProductUntouched() throws Exception {
    Ended ended = fynbos("apply", "-f", "my file.yaml", "$(id)", "", "*");

    assertThat(ended.status()).isZero();
    assertThat(ended.output())
        .endsWith(
            """
            <io.fynbos.controller.cli.ClientMain>
            <apply>
            <-f>
            <my file.yaml>
            <$(id)>
            <>
            <*>
            """);
  }

  @Test
  void eachProcessOfTheProductHasItsMainClass() throws Exception {
    assertThat(fynbos("controller", "--data", "x").output())
        .endsWith("<io.fynbos.controller.ControllerMain>\n<--data>\n<x>\n");
    assertThat(fynbos("agent", "--host", "h1").output())
        .endsWith("<io.fynbos.agent.AgentMain>\n<--host>\n<h1>\n");
    assertThat(fynbos("lab").output()).endsWith("<io.fynbos.labs.LabMain>\n");
    assertThat(fynbos("help", "watch").output())
        .endsWith("<io.fynbos.controller.cli.ClientMain>\n<watch>\n<--help>\n");
  }

  @Test
  void buildsOnceAndAgainOnlyWhenASourceIsNewer() throws Exception {
    fynbos("version");
    fynbos("version");
    assertThat(Files.readAllLines(mavenLog)).hasSize(1);

    Files.createDirectories(tree.resolve("policy/src/main/java"));
    assertThat(fynbos("version").errors()).startsWith("fynbos: building\n");
    assertThat(Files.readAllLines(mavenLog)).hasSize(2);

    Files.createDirectories(tree.resolve("policy/src/test/java"));
    Files.createDirectories(tree.resolve("policy/target/src/main"));
    fynbos("version");
    assertThat(Files.readAllLines(mavenLog)).hasSize(2);
  }

  @Test
  void aFailedBuildRunsNothingAndSaysSo() throws Exception {
    environment.put("FAKE_MAVEN_FAILS", "yes");

    Ended ended = fynbos("version");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output()).isEmpty();
    assertThat(ended.errors())
        .contains("cannot find symbol", "the build failed; Maven's message is above");
  }

  @Test
  void aSymbolicLinkRunsTheSameTreeFromAnywhere() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("fyn"), tree.resolve("fynbos"));

    Ended ended = run(List.of(link.toString(), "apply", "-f", "here.yaml"));

    assertThat(ended.output()).contains("<" + tree.toRealPath()).endsWith("<here.yaml>\n");
  }

  @Test
  void theJavaHomeThatIsTooOldIsPassedOver() throws Exception {
    environment.put("JAVA_HOME", jdk("11.0.2").toString());

    Ended ended = fynbos("build");

    assertThat(ended.status()).isZero();
    assertThat(ended.output() + ended.errors()).doesNotContain("11.0.2");
  }

  @Test
  void newerJavaIsToldThatNativeCodeIsMeant() throws Exception {
    environment.put("JAVA_HOME", jdk("25.0.1").toString());

    assertThat(fynbos("controller").output())
        .contains(
            "<--enable-native-access=ALL-UNNAMED>", "<--sun-misc-unsafe-memory-access=allow>");
  }

  @Test
  void whoIsNotRootIsToldWhatToType() throws Exception {
    for (String command : List.of("demo", "test", "lab")) {
      Ended ended = asNobody(command, "up");

      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.errors())
          .isEqualTo(
              "fynbos: %s makes network namespaces, and only root may. Run: sudo %s %s up\n"
                  .formatted(command, tree.toRealPath().resolve("fynbos"), command));
    }
  }

  @Test
  void setupWithoutRootNamesWhatIsMissing() throws Exception {
    environment.put("PATH", onlyTheShell("apt-get").toString());

    Ended ended = asNobody("setup");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.errors())
        .startsWith("fynbos: missing: ")
        .contains("maven")
        .endsWith(". Run: sudo " + tree.toRealPath().resolve("fynbos") + " setup\n");
  }

  @Test
  void setupWithoutAptNamesWhatToInstallByHand() throws Exception {
    environment.put("PATH", onlyTheShell().toString());

    assertThat(fynbos("setup").errors())
        .startsWith("fynbos: missing: ")
        .contains("maven")
        .contains("There is no apt-get here; install them by hand");
  }

  @Test
  void anUnknownLabIsNamedWithThoseThatAreUp() throws Exception {
    environment.remove("FYNBOS_API");
    environment.put("FYNBOS_LAB", "nowhere");

    Ended ended = fynbos("get", "universes");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.errors())
        .startsWith("fynbos: FYNBOS_LAB names nowhere, but these labs are up: ");
  }

  private Ended fynbos(String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(tree.resolve("fynbos").toString()));
    words.addAll(Arrays.asList(arguments));
    return run(words);
  }

  private Ended asNobody(String... arguments) throws Exception {
    List<String> words = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")));
      words.addAll(List.of("/usr/bin/setpriv", "--reuid=65534", "--clear-groups"));
    }
    words.add(tree.resolve("fynbos").toString());
    words.addAll(Arrays.asList(arguments));
    return run(words);
  }

  private Ended run(List<String> words) throws Exception {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
    int status = builder.start().waitFor();
    return new Ended(status, Files.readString(output), Files.readString(errors));
  }

  private Path jdk(String version) throws IOException {
    Path home = folder.resolve("jdk-" + version);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(home.resolve("bin/javac"), "#!/bin/sh\n");
    script(home.resolve("bin/java"), FAKE_JAVA);
    return home;
  }

  /** A folder for PATH with what the launcher itself needs, and commands that do nothing. */
  private Path onlyTheShell(String... commands) throws IOException {
    Path small = Files.createDirectories(folder.resolve("small"));
    for (String tool : List.of("bash", "uname", "readlink")) {
      Path real =
          Arrays.stream(System.getenv("PATH").split(":", -1))
              .map(entry -> Path.of(entry, tool))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      script(small.resolve(tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
    }
    for (String command : commands) {
      script(small.resolve(command), "#!/bin/sh\n");
    }
    return small;
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
