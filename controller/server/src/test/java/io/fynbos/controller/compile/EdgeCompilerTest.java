package io.fynbos.controller.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.Tier;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class EdgeCompilerTest {
  @Test
  void aHostThatIsNotInTheImageHasNoFlows() {
    assertThat(EdgeCompiler.full(new Fabric().image(), Specimen.H1)).isEqualTo(SwitchTables.EMPTY);
  }

  @Test
  void theSameImageGivesTheSameFlows() {
    assertThat(EdgeCompiler.full(Specimen.fabric().image(), Specimen.H1))
        .isEqualTo(EdgeCompiler.full(Specimen.fabric().image(), Specimen.H1));
  }

  @Test
  void aNewMemberOfKnownGroupsChangesNoPolicyFlowOnOtherHosts() {
    Image before =
        Specimen.fabric().endpoint("blue/web3", "web", "10.0.1.12", "fd00:7::12").image();
    Change.BindingPut attached =
        new Change.BindingPut(new Binding(Fabric.endpoint("blue/web3"), Specimen.H1, 9, 1));
    Image after = before.apply(List.of(attached), before.revision().next());
    SortedMap<HostName, Delta> deltas =
        EdgeCompiler.deltas(before, after, List.<Change>of(attached));
    Delta elsewhere = delta(deltas, Specimen.H2);
    assertThat(elsewhere.removed()).isEmpty();
    assertThat(elsewhere.put()).hasSize(2).allMatch(flow -> flow.table() == Table.ROUTE.id());
    assertThat(delta(deltas, Specimen.H1).put())
        .as("web has a member here already")
        .allMatch(flow -> List.of(0, Table.ROUTE.id(), Table.OUTPUT.id()).contains(flow.table()));
  }

  @Test
  void theFirstAuditRuleOfAUniverseAddsALaneAndTheWayIntoItAndChangesNothingElse() {
    Fabric fabric = Specimen.fabric();
    Image before = fabric.image();
    Policy trial =
        Fabric.audited(
            Fabric.policy(
                "blue/trial",
                Tier.UNIVERSE,
                1,
                List.of("blue/db"),
                Fabric.in(Action.DENY, List.of())));
    Image after = fabric.policy(trial).image();
    Change.PolicyPut put = new Change.PolicyPut(trial, after.number(trial.ref()));
    SortedMap<HostName, Delta> deltas = EdgeCompiler.deltas(before, after, List.<Change>of(put));
    for (HostName host : List.of(Specimen.H1, Specimen.H2)) {
      Delta delta = delta(deltas, host);
      assertThat(delta.removed()).isEmpty();
      List<Integer> tables = delta.put().stream().map(FlowEntry::table).toList();
      assertThat(tables).containsOnlyOnce(Table.IN_GUARDRAIL.id());
      assertThat(tables)
          .filteredOn(table -> table != Table.IN_GUARDRAIL.id())
          .allMatch(table -> table >= Table.AUDIT_IN_GUARDRAIL.id())
          .allMatch(table -> table <= Table.DIFFERS.id());
    }
  }

  private static Delta delta(SortedMap<HostName, Delta> deltas, HostName host) {
    return deltas.getOrDefault(host, Delta.NONE);
  }
}
