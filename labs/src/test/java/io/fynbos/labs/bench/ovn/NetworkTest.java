package io.fynbos.labs.bench.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.labs.bench.ovn.Network.Place;
import io.fynbos.labs.bench.ovn.Network.Port;
import io.fynbos.labs.bench.ovn.Network.Rule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000, 10_000})
  void everySizeHasTheSameGroupsAndRules(int endpoints) {
    Network network = Network.of(endpoints);
    assertThat(network.ports()).hasSize(endpoints);
    assertThat(network.rules()).hasSize(Network.RULES);
    assertThat(network.rules()).extracting(Rule::name).doesNotHaveDuplicates();
    assertThat(network.ports()).extracting(Port::address).doesNotHaveDuplicates();
    assertThat(network.ports()).extracting(Port::mac).doesNotHaveDuplicates();
    for (String group : Network.groups()) {
      assertThat(network.members(group)).as(group).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000, 10_000})
  void theRuleThatChangesIsForMembersOnBothHosts(int endpoints) {
    List<Port> members = Network.of(endpoints).members(Network.changing(0).group());
    assertThat(members).extracting(Port::place).contains(Place.FIRST_HOST, Place.SECOND_HOST);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000, 10_000})
  void theClientMayAskTheProbesPortOnlyAfterJoining(int endpoints) {
    Network network = Network.of(endpoints);
    List<Optional<String>> asking =
        network.rules().stream()
            .filter(rule -> rule.port() == Network.PROBE_PORT)
            .filter(rule -> network.remoteServer().groups().contains(rule.group()))
            .map(Rule::peers)
            .toList();
    assertThat(asking).contains(Optional.of(Network.GROUP_OF_TWIN));
    assertThat(asking).contains(Optional.of(Network.askingGroup(0)));
    assertThat(network.client().groups()).noneMatch(group -> asking.contains(Optional.of(group)));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000, 10_000})
  void onlyTheTwinHasTheSetThatTheClientWillHave(int endpoints) {
    Network network = Network.of(endpoints);
    var joined = network.client().joining(Network.GROUP_OF_TWIN).groups();
    assertThat(network.ports()).filteredOn(port -> port.groups().equals(joined)).hasSize(1);
    var unheardOf = network.client().joining(Network.askingGroup(3)).groups();
    assertThat(network.ports()).noneMatch(port -> port.groups().equals(unheardOf));
  }
}
