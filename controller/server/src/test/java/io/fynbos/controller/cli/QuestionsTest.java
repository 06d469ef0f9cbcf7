package io.fynbos.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fynbos.controller.api.FakeAgent;
import io.fynbos.controller.api.RunningApi;
import io.fynbos.controller.store.InMemoryStore;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.report.HostAnswer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask and change nothing. */
class QuestionsTest {
  private static final String DOCUMENTS =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/16]}
      ---
      {kind: SecurityGroup, universe: blue, name: web}
      ---
      {kind: SecurityGroup, universe: blue, name: empty}
      ---
      {kind: Endpoint, universe: blue, name: web1, groups: [web], addresses: [10.0.1.10]}
      ---
      {kind: Endpoint, universe: blue, name: db1, addresses: [10.0.2.10]}
      ---
      {kind: Host, name: h1, underlay: 172.31.0.1, datapathId: "0000000000000001"}
      ---
      """;
  private static final String POLICY =
      """
      {kind: Policy, universe: blue, name: web-to-all, tier: universe,
       rules: [{direction: in, action: allow, peers: [{group: web}],
                services: [{protocol: tcp, ports: ["5432"]}], log: true}]}
      """;

  private final RunningApi api = new RunningApi(new InMemoryStore());
  @TempDir private Path directory;
  private String out = "";
  private String err = "";

  @BeforeEach
  void fill() {
    assertThat(api.post("/v1/apply", DOCUMENTS + POLICY).status()).isEqualTo(200);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private int run(String... args) {
    List<String> words = new ArrayList<>(List.of(args));
    words.add("--api");
    words.add(api.url());
    StringWriter outText = new StringWriter();
    StringWriter errText = new StringWriter();
    int status =
        ClientMain.run(
            words.toArray(String[]::new), new PrintWriter(outText), new PrintWriter(errText));
    out = outText.toString();
    err = errText.toString();
    return status;
  }

  @Test
  void reachIsPrintedByGroupsAndByEndpoints() {
    assertThat(run("reach", "-u", "blue")).as("%s", err).isZero();
    assertThat(out)
        .isEqualTo(
            """
            FROM GROUPS  TO GROUPS  SERVICES
            web          (none)     tcp/5432
            web          web        tcp/5432

            FROM       TO        FAMILIES  SERVICES
            blue/db1   dns       ipv4      all
            blue/db1   metadata  ipv4      all
            blue/web1  blue/db1  ipv4      tcp/5432
            blue/web1  dns       ipv4      all
            blue/web1  metadata  ipv4      all
            """);
    assertThat(run("reach", "-u", "blue", "--to", "web1")).isZero();
    assertThat(out).isEqualTo("nobody there can open anything\n");
    assertThat(run("reach", "-u", "blue", "-o", "yaml")).isZero();
    assertThat(out).contains("services: tcp/5432");
    assertThat(run("reach")).isEqualTo(2);
    assertThat(err).contains("--universe");
    assertThat(run("reach", "-u", "none")).isEqualTo(1);
    assertThat(err).contains("there is no universe none").contains("?universe");
  }

  @Test
  void aTraceTellsTheRulesAndWhatItCouldNotRead() {
    assertThat(run("trace", "blue/web1", "blue/db1", "tcp/5432")).as("%s", err).isZero();
    assertThat(out)
        .isEqualTo(
            """
            blue/web1 (10.0.1.10) → blue/db1 (10.0.2.10) tcp 40000 → 5432
            verdict: allow

            by the rules:
              out of blue/web1: allow, by default
              in of blue/db1: allow
                blue/web-to-all rule 0 (tier universe, order 1000): allow in from group blue/web on tcp/5432

            by the model only: no host has blue/web1 or its other end attached
            """);
    assertThat(run("trace", "blue/web1", "blue/db1", "tcp/80", "--source-port", "5"))
        .as("%s", err)
        .isZero();
    assertThat(out).contains("tcp 5 → 80").contains("verdict: deny");
    assertThat(run("trace", "blue/web1", "blue/none", "tcp/80")).isEqualTo(1);
    assertThat(err).contains("there is no endpoint blue/none").contains("at: to");
    assertThat(run("trace", "blue/web1", "blue/db1", "tcp/http")).isEqualTo(1);
    assertThat(err).contains("a port is a number").contains("at: service");
    assertThat(run("trace", "blue/web1", "blue/db1")).isEqualTo(2);
  }

  @Test
  void aTraceThatFindsAnotherSwitchThanItsRulesFails() {
    String id =
        api.controller()
            .image()
            .endpoint(EndpointRef.of("blue", "web1"))
            .orElseThrow()
            .id()
            .toString();
    api.put("/v1/hosts/h1/bindings", "{\"bindings\": [{\"id\": \"" + id + "\", \"ofport\": 5}]}");
    HostAnswer dropped =
        new HostAnswer.Text(
            """
            Flow: tcp

            bridge("br-int")
            ----------------
             0. in_port=5,tcp, priority 100, cookie 0x104000000000001
                goto_table:12
            12. No match.
                drop

            Datapath actions: drop
            """);
    try (FakeAgent agent = new FakeAgent(api, "h1", question -> dropped)) {
      await().until(() -> api.get("/v1/hosts/h1").json().at("/status/agent").asBoolean());
      assertThat(run("trace", "blue/web1", "blue/db1", "tcp/5432")).isEqualTo(1);
      assertThat(agent.asked()).hasSize(1);
    }
    assertThat(out)
        .contains("on h1, the sender's host: dropped")
        .contains("    0 admission         priority 100 in_port=5,tcp  ← endpoint 1")
        .contains("   12 route             no flow matches")
        .contains("the rules and the switches DO NOT agree");
  }

  @Test
  void lintNamesWhatIsInVainAndFailsThen() {
    assertThat(run("lint", "-u", "blue")).isEqualTo(1);
    assertThat(out).contains("unused-group: ").contains("blue/empty");
    assertThat(run("lint", "-u", "none")).isEqualTo(1);
    assertThat(err).contains("there is no universe none");
    assertThat(run("lint", "-o", "json")).isEqualTo(1);
    assertThat(out).contains("\"findings\"");
  }

  @Test
  void hitsArePrintedWithWhatRulesSay() {
    assertThat(run("hits", "-u", "blue")).as("%s", err).isZero();
    assertThat(out)
        .isEqualTo(
            """
            POLICY           RULE  PACKETS  BYTES  LAST HIT  WOULD DIFFER  SAYS
            blue/web-to-all  0     0        0      never     0             allow in from group blue/web on tcp/5432
            """);
    assertThat(run("hits", "blue/web-to-all", "-o", "json")).isZero();
    assertThat(out).contains("\"policy\" : \"blue/web-to-all\"");
    assertThat(run("hits", "blue/none")).isEqualTo(1);
    assertThat(err).contains("there is no policy blue/none");
  }

  @Test
  void theFlowLogIsPrintedLineByLine() {
    String record =
        """
        {"records": [{"time": "2026-05-01T10:15:30.123Z", "universe": 16, "sender": 0,
          "receiver": 0, "source": "10.0.1.10", "destination": "10.0.2.10", "protocol": 6,
          "sourcePort": 40000, "destinationPort": 5432, "verdict": "deny", "rules": [7],
          "bytes": 60}], "dropped": 2}""";
    assertThat(api.post("/v1/hosts/h1/flow-log", record).status()).isEqualTo(200);
    assertThat(run("flow-log")).as("%s", err).isZero();
    assertThat(out)
        .isEqualTo(
            """
            2026-05-01T10:15:30.123Z  deny  blue/web1 (10.0.1.10) → blue/db1 (10.0.2.10)  tcp 40000→5432  rule number 7  60 bytes  on h1
            … 2 dropped by host h1
            """);
    assertThat(run("flow-log", "-u", "blue", "-o", "json")).isZero();
    assertThat(out).contains("\"verdict\":\"deny\"");
    assertThat(run("flow-log", "-u", "none")).isEqualTo(1);
    assertThat(err).contains("there is no universe none");
  }

  @Test
  void aDryRunIsPrintedForPeople() throws IOException {
    Path file = directory.resolve("change.yaml");
    Files.writeString(file, POLICY.replace("5432", "6000"));
    assertThat(run("apply", "--dry-run", "-f", file.toString())).as("%s", err).isZero();
    assertThat(out)
        .isEqualTo(
            """
            Policy blue/web-to-all would be changed
            + would reach: blue/web1 → blue/db1 tcp/6000 (ipv4)
            - would no longer reach: blue/web1 → blue/db1 tcp/5432 (ipv4)
            nothing was changed; the state is at revision 1
            """);
    assertThat(run("delete", "--dry-run", "-f", file.toString(), "-o", "json")).isZero();
    assertThat(out).contains("\"dryRun\" : true");
  }
}
