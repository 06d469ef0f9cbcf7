package io.fynbos.labs.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fynbos.labs.runner.Topologies;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.topology.Topology.Host;
import io.fynbos.labs.topology.Topology.Listener;
import io.fynbos.labs.topology.Topology.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyFileTest {
  private static final String WHOLE =
      """
      name: small
      hosts: [{name: h1}, {name: h2, underlay: 172.31.9.9}]
      guests:
      - {name: web1, host: h1, endpoint: blue/web1}
      - {name: db1, host: h2, endpoint: blue/db1, runtime: netns, serves: [tcp/5432, udp/53]}
      links: [[h1, net], [web1, h1]]
      apply:
      - documents.yaml
      - {kind: Universe, name: blue}
      """;

  @TempDir private Path folder;

  @Test
  void aWholeFileIsReadWithItsDefaults() throws IOException {
    Files.writeString(folder.resolve("documents.yaml"), "kind: A\n---\nkind: B\n");
    Topology topology = read(WHOLE);
    assertThat(topology.hosts())
        .containsExactly(new Host("h1", "172.31.0.1"), new Host("h2", "172.31.9.9"));
    assertThat(topology.guests())
        .containsExactly(
            new Guest("web1", "h1", "blue", "web1", List.of()),
            new Guest(
                "db1",
                "h2",
                "blue",
                "db1",
                List.of(new Listener(Transport.TCP, 5432), new Listener(Transport.UDP, 53))));
    assertThat(topology.documents())
        .extracting(Topology.DocumentSource::json)
        .containsExactly(
            "[{\"kind\":\"A\"},{\"kind\":\"B\"}]", "[{\"kind\":\"Universe\",\"name\":\"blue\"}]");
  }

  @ParameterizedTest(name = "{0} → {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hosts: [{name: h1, speed: 10}]               | hosts[0].speed: unknown key; expected one of name, underlay
          hosts: [{name: H1}]                          | hosts[0].name: expected 1 to 32 of a-z, 0-9 and '-' inside, found 'H1'
          hosts: [{name: h1}, {name: h1}]              | hosts[1].name: 'h1' is taken already
          hosts: [{name: net}]                         | hosts[0].name: 'net' is taken already, or a name the lab uses itself
          hosts: [{name: h1, underlay: 172.31.0.300}]  | hosts[0].underlay: expected an IPv4 address, found '172.31.0.300'
          hosts: [{underlay: 172.31.0.1}]              | hosts[0].name: is required and not there
          hosts: []                                    | hosts: expected 1 to 200 hosts
          hosts: h1                                    | hosts: expected a list
          colour: blue                                 | colour: unknown key
          controllers: 3                               | controllers: more than one is not supported yet
          switches: [{name: leaf1}]                    | switches: not supported yet; leave it out
          accessPoints: [{name: ap1}]                  | accessPoints: not supported yet; leave it out
          internet: {routers: 1}                       | internet: not supported yet; leave it out
          links: [[h1, h1]]                            | links[0]: links other than [HOST, net]
          links: [h1]                                  | links[0]: expected two names, like [h1, net]
          guests: [{name: a, host: h9, endpoint: b/c}] | guests[0].host: there is no host 'h9' in this topology
          guests: [{name: a, host: h1, endpoint: bc}]  | guests[0].endpoint: expected universe/name, found 'bc'
          guests: [{name: h1, host: h1, endpoint: b/c}]                    | guests[0].name: 'h1' is taken already
          guests: [{name: a, host: h1, endpoint: b/c, runtime: kvm}]       | guests[0].runtime: kvm guests are not supported yet; use netns
          guests: [{name: a, host: h1, endpoint: b/c, runtime: docker}]    | guests[0].runtime: expected netns or kvm, found 'docker'
          guests: [{name: a, host: h1, endpoint: b/c, serves: [icmp/8]}]   | guests[0].serves: expected tcp/PORT or udp/PORT, found 'icmp/8'
          guests: [{name: a, host: h1, endpoint: b/c, serves: [tcp/70000]}] | guests[0].serves: expected tcp/PORT or udp/PORT
          apply: [nowhere.yaml]                        | apply[0]: there is no file 'nowhere.yaml' beside the topology
          apply: [7]                                   | apply[0]: expected a file's name or a document
          """)
  void whatIsWrongIsRefusedWithItsPlace(String lines, String message) {
    String base =
        lines.startsWith("hosts") ? "name: small\n" : "name: small\nhosts: [{name: h1}]\n";
    assertThatThrownBy(() -> read(base + lines))
        .isInstanceOf(TopologyException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aKeyWrittenTwiceIsRefused() {
    assertThatThrownBy(() -> read("name: a\nname: b\nhosts: [{name: h1}]\n"))
        .isInstanceOf(TopologyException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("name");
  }

  @Test
  void whatIsNoYamlIsRefusedWithItsLine() {
    assertThatThrownBy(() -> read("name: small\nhosts: [\n"))
        .isInstanceOf(TopologyException.class)
        .hasMessageContaining("lab.yaml line");
  }

  @Test
  void everyShippedTopologyIsValid() {
    assertThat(Topologies.names()).contains("two-hosts", "one-host");
    assertThat(Topologies.names())
        .allSatisfy(name -> assertThat(Topologies.find(name).name()).isEqualTo(name));
  }

  private Topology read(String text) throws IOException {
    return TopologyFile.read(Files.writeString(folder.resolve("lab.yaml"), text));
  }
}
