package io.fynbos.policy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Revision;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppliedReportTest {
  private static final Revision R7 = new Revision(7);

  private static HostProgress host(String name, long applied, boolean reachable, boolean fenced) {
    return new HostProgress(new HostName(name), new Revision(applied), reachable, fenced);
  }

  private static List<HostName> names(String... names) {
    return List.of(names).stream().map(HostName::new).toList();
  }

  @Test
  void itIsAppliedWhereNoHostIsBehind() {
    assertThat(AppliedReport.of(R7, List.of()).applied()).isTrue();
    assertThat(
            AppliedReport.of(R7, List.of(host("h1", 7, true, false), host("h2", 9, false, false))))
        .isEqualTo(new AppliedReport(R7, true, List.of(), List.of(), List.of()));
  }

  @Test
  void hostsThatAreBehindAreNamedByWhy() {
    List<HostProgress> hosts =
        List.of(
            host("h4", 6, true, false),
            host("h1", 6, true, false),
            host("h2", 6, false, false),
            host("h3", 6, false, true),
            host("h5", 7, true, false));
    assertThat(AppliedReport.of(R7, hosts))
        .isEqualTo(new AppliedReport(R7, false, names("h1", "h4"), names("h2"), names("h3")));
  }

  @Test
  void aFencedHostHoldsNothingBackButAnUnreachableOneDoes() {
    assertThat(AppliedReport.of(R7, List.of(host("h1", 1, false, true))).applied()).isTrue();
    assertThat(AppliedReport.of(R7, List.of(host("h1", 1, false, false))).applied()).isFalse();
    List<HostProgress> hosts =
        List.of(
            host("h1", 1, false, true), host("h2", 5, false, false), host("h3", 9, true, false));
    assertThat(AppliedReport.appliedEverywhere(R7, hosts)).isEqualTo(new Revision(5));
    assertThat(AppliedReport.appliedEverywhere(R7, hosts.subList(0, 1))).isEqualTo(R7);
    assertThat(AppliedReport.appliedEverywhere(R7, hosts.subList(2, 3))).isEqualTo(R7);
  }
}
