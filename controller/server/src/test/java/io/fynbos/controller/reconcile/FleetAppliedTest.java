package io.fynbos.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fynbos.openflow.session.SessionEnded;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.report.AppliedReport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as applied, who hears of it, and which numbers are released then. */
class FleetAppliedTest extends RunningFleet {
  @Test
  void aRevisionIsAppliedAfterBarrierAndRevalidation() {
    connect(H1);
    FakeSwitch two = connect(H2);
    Revision now = fabric.image().revision();
    assertThat(report(now).waitingFor()).containsExactly(H1, H2);
    agent(H1);
    await().until(() -> report(now).waitingFor().equals(List.of(H2)));
    agent(H2);
    await().until(() -> report(now).applied());

    two.hold();
    Revision next =
        publish("{kind: Policy, universe: blue, name: web-to-db, delete: true}").revision();
    await().until(() -> report(next).waitingFor().equals(List.of(H2)));
    two.letGo();
    await().until(() -> report(next).applied());
  }

  private AppliedReport report(Revision revision) {
    return fleet.progress().applied(revision);
  }

  @Test
  void anUnreachableHostIsNamed() {
    connect(H1);
    agent(H1);
    Revision now = fabric.image().revision();
    await().until(() -> report(now).waitingFor().isEmpty());
    assertThat(report(now).applied()).isFalse();
    assertThat(report(now).unreachable()).containsExactly(H2);
  }

  @Test
  void aRevisionThatTheFleetHasNotHeardOfIsNotApplied() {
    connect(H1);
    connect(H2);
    agent(H1);
    agent(H2);
    Revision now = fabric.image().revision();
    await().until(() -> report(now).applied());
    assertThat(report(now.next()).applied()).isFalse();
  }

  @Test
  void whoeverWaitsHearsOfIt() {
    connect(H1);
    connect(H2);
    Progress.Waiter waiter = fleet.progress().await(fabric.image().revision());
    Progress.Waiter leaver = fleet.progress().await(fabric.image().revision());
    fleet.progress().forget(leaver);
    assertThat(fleet.progress().waiting()).isEqualTo(1);
    agent(H1);
    assertThat(waiter.done()).isNotDone();
    agent(H2);
    await().until(() -> waiter.done().isDone());
    assertThat(leaver.done()).isNotDone();
    assertThat(fleet.progress().waiting()).isZero();
  }

  @Test
  void aRepairedSwitchHasNotAppliedItsRevisionUntilItIsInStepAgain() {
    FakeSwitch one = connect(H1);
    connect(H2);
    Agent agent = agent(H1);
    agent(H2);
    Revision now = fabric.image().revision();
    await().until(() -> report(now).applied());
    fleet.orders().leave(H1, agent);
    FakeSwitch emptied = new FakeSwitch(1);
    fleet.disconnected(one, new SessionEnded("restarted"));
    fleet.connected(emptied);
    await().until(() -> emptied.held().equals(wanted(H1)));
    await().until(() -> report(now).waitingFor().equals(List.of(H1)));
    agent(H1);
    await().until(() -> report(now).applied());
  }

  @Test
  void numbersAreReleasedOnceEveryHostHasAppliedTheirRetirement() throws InterruptedException {
    connect(H1);
    connect(H2);
    agent(H1);
    Revision gone =
        publish("{kind: Policy, universe: blue, name: web-to-db, delete: true}").revision();
    awaitInstalled(H1);
    awaitInstalled(H2);
    await().until(() -> status(H1).applied().equals(gone));
    assertThat(releases).isEmpty();
    agent(H2);
    assertThat(releases.take()).isEqualTo(gone);
  }

  @Test
  void everyHostIsToldTheOthersUnderlays() {
    await().until(() -> fleet.orders().of(H1).neighbours().size() == 1);
    assertThat(fleet.orders().of(H1).neighbours()).hasToString("[172.31.0.2]");
    publish("{kind: Host, name: h3, underlay: 172.31.0.3, datapathId: \"0000000000000003\"}");
    await().until(() -> fleet.orders().of(H1).neighbours().size() == 2);
    assertThat(fleet.orders().of(H2).neighbours()).hasToString("[172.31.0.1, 172.31.0.3]");
  }
}
