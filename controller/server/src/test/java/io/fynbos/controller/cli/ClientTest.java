package io.fynbos.controller.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.api.RunningApi;
import io.fynbos.controller.store.InMemoryStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientTest {
  private static final String BLUE =
      """
      kind: Universe
      name: blue
      prefixes: [10.0.0.0/16]
      ---
      kind: SecurityGroup
      universe: blue
      name: web
      """;
  private static final String WEB1 =
      """
      {"kind": "Endpoint", "universe": "blue", "name": "web1", "groups": ["web"],
       "id": "6f1c0a52-54b0-4c5e-9d3e-0d6a3a1f7b11", "mac": "02:00:00:00:01:10",
       "addresses": ["10.0.1.10"]}
      """;

  private final RunningApi api = new RunningApi(new InMemoryStore());
  @TempDir private Path directory;
  private String out = "";
  private String err = "";

  @AfterEach
  void stop() {
    api.close();
  }

  /** Runs a command against the test's controller and returns its status. */
  private int run(String... args) {
    List<String> words = new ArrayList<>(List.of(args));
    words.add("--api");
    words.add(api.url());
    return runAsIs(words.toArray(String[]::new));
  }

  private int runAsIs(String... args) {
    StringWriter outText = new StringWriter();
    StringWriter errText = new StringWriter();
    int status = ClientMain.run(args, new PrintWriter(outText), new PrintWriter(errText));
    out = outText.toString();
    err = errText.toString();
    return status;
  }

  private String file(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.write(file, content.getBytes(UTF_8));
    return file.toString();
  }

  private void fill() throws IOException {
    assertThat(run("apply", "-f", file("blue.yaml", BLUE), file("web1.json", WEB1)))
        .as("%s", err)
        .isZero();
  }

  @Test
  void applyTellsWhatItDidAndWaits() throws IOException {
    assertThat(run("apply", "-f", file("blue.yaml", BLUE), "--wait", "10s")).isZero();
    assertThat(out)
        .isEqualTo(
            """
            Universe blue created
            SecurityGroup blue/web created
            revision 1
            revision 1 is applied on every host
            """);
    assertThat(err).isEmpty();
  }

  @Test
  void severalFilesAndDirectoriesAreOneChange() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("d"));
    Files.writeString(folder.resolve("b.yaml"), BLUE);
    Files.writeString(folder.resolve("a.json"), WEB1);
    Files.writeString(folder.resolve("notes.txt"), "not a document");
    assertThat(run("apply", "-f", folder.toString())).as("%s", err).isZero();
    assertThat(out).contains("Endpoint blue/web1 created").endsWith("revision 1\n");
  }

  @Test
  void deleteTakesTheSameDocumentsAway() throws IOException {
    fill();
    String blue = directory.resolve("blue.yaml").toString();
    String web1 = directory.resolve("web1.json").toString();
    assertThat(run("delete", "-f", blue, "-f", web1)).as("%s", err).isZero();
    assertThat(out).contains("Universe blue deleted").contains("Endpoint blue/web1 deleted");
  }

  @Test
  void aRefusalIsPrintedWithItsFieldAndEndsWithOne() throws IOException {
    String bad = "{kind: Endpoint, universe: blue, name: e, groups: [none]}";
    assertThat(run("apply", "-f", file("bad.yaml", BLUE + "---\n" + bad))).isEqualTo(1);
    assertThat(out).isEmpty();
    assertThat(err)
        .isEqualTo(
            """
            error: endpoint blue/e names group blue/none, which does not exist; create it first, or in the same apply [unknown-group]
              at: documents[2].groups
            """);
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws IOException {
    assertThat(run("apply", "-f", "nowhere.yaml")).isEqualTo(1);
    assertThat(err).isEqualTo("error: there is no file nowhere.yaml\n");
    Files.createDirectory(directory.resolve("empty"));
    assertThat(run("apply", "-f", directory.resolve("empty").toString())).isEqualTo(1);
    assertThat(err).contains("has no file that ends in .yaml, .yml or .json");
    String broken = file("broken.yaml", "kind: [");
    assertThat(run("apply", "-f", file("blue.yaml", BLUE), broken)).isEqualTo(1);
    assertThat(err).startsWith("error: " + broken + " line 1: ");
  }

  @Test
  void aHostThatIsAwayKeepsAWaitFromEndingWell() throws IOException {
    String host = "{kind: Host, name: h1, underlay: 172.31.0.1, datapathId: '0000000000000001'}";
    assertThat(run("apply", "-f", file("h.yaml", host), "--wait", "100ms")).isEqualTo(1);
    assertThat(out).contains("revision 1\n");
    assertThat(err).isEqualTo("error: revision 1 is not applied; unreachable: h1\n");
    assertThat(run("revision", "1")).isEqualTo(1);
    assertThat(out).isEqualTo("revision 1 is not applied; unreachable: h1\n");
  }

  @Test
  void getPrintsTables() throws IOException {
    fill();
    assertThat(run("get", "endpoints")).isZero();
    assertThat(out)
        .isEqualTo(
            """
            UNIVERSE  NAME  ADDRESSES  GROUPS  MAC                ID
            blue      web1  10.0.1.10  web     02:00:00:00:01:10  6f1c0a52-54b0-4c5e-9d3e-0d6a3a1f7b11
            """);
    assertThat(run("get", "bindings")).isZero();
    assertThat(out).contains("blue/web1  -     -     detached");
    assertThat(run("get", "Universe")).isZero();
    assertThat(out).contains("blue  10.0.0.0/16  deny  allow  false  none");
    for (String kind : List.of("SecurityGroup", "policies", "pools", "hosts")) {
      assertThat(run("get", kind)).as(kind).isZero();
    }
  }

  @Test
  void getPrintsDocumentsThatApplyTakes() throws IOException {
    fill();
    assertThat(run("get", "endpoint", "blue/web1", "-o", "yaml")).isZero();
    assertThat(out).startsWith("kind: Endpoint\nuniverse: blue\nname: web1\n");
    String again = file("again.yaml", out);
    assertThat(run("apply", "-f", again)).as("%s", err).isZero();
    assertThat(out).startsWith("Endpoint blue/web1 unchanged\n");
    assertThat(run("get", "groups", "-u", "blue", "-o", "json")).isZero();
    assertThat(out).startsWith("[ {\n").contains("\"name\" : \"web\"");
    assertThat(run("get", "group", "web", "-u", "blue", "-o", "json")).isZero();
    assertThat(out).startsWith("{\n");
  }

  @Test
  void whatIsNotThereIsSaid() throws IOException {
    fill();
    assertThat(run("get", "endpoint", "blue/none")).isEqualTo(1);
    assertThat(err).isEqualTo("error: there is no endpoint blue/none [not-found]\n");
    assertThat(run("get", "binding", "blue/none")).isEqualTo(1);
    assertThat(err).isEqualTo("error: there is no endpoint blue/none\n");
    assertThat(run("revision", "99")).isEqualTo(1);
    assertThat(err).contains("revision 99 has not been made yet");
  }

  @Test
  void wrongUsageEndsWithTwo() {
    assertThat(run("get", "castles")).isEqualTo(2);
    assertThat(err).startsWith("there is no kind \"castles\"; known are universes, groups,");
    assertThat(run("get", "endpoint", "web1")).isEqualTo(2);
    assertThat(err).startsWith("give the universe too: universe/web1, or -u UNIVERSE");
    assertThat(run("get", "hosts", "-u", "blue")).isEqualTo(2);
    assertThat(run("get", "endpoint", "red/e", "-u", "blue")).isEqualTo(2);
    assertThat(run("apply")).isEqualTo(2);
    assertThat(run("apply", "-f", "x", "--wait", "soon")).isEqualTo(2);
    assertThat(err).contains("\"soon\" is not a time such as 10s or 500ms");
    assertThat(run("frobnicate")).isEqualTo(2);
    assertThat(runAsIs()).isEqualTo(2);
  }

  @Test
  void helpAndVersionEndWell() {
    assertThat(runAsIs("help")).isZero();
    assertThat(out).contains("Examples:").contains("FYNBOS_API names the controller");
    assertThat(runAsIs("help", "apply")).isZero();
    assertThat(out).contains("--wait=TIME");
    assertThat(runAsIs("version")).isZero();
    assertThat(out).startsWith("fynbos ");
  }

  @Test
  void aControllerThatIsNotThereIsNamed() {
    assertThat(runAsIs("get", "hosts", "--api", "http://127.0.0.1:9")).isEqualTo(1);
    assertThat(err)
        .startsWith("error: no controller answers at http://127.0.0.1:9 (")
        .contains("start one with `fynbos controller`, or name another with FYNBOS_API");
    assertThat(runAsIs("get", "hosts", "--api", "nonsense")).isEqualTo(1);
    assertThat(err).startsWith("error: \"nonsense\" is not the address of a controller");
  }
}
