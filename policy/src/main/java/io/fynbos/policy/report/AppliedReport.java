package io.fynbos.policy.report;

import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Revision;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Where a revision is applied. An unreachable host still forwards by what it last applied, so a
 * revision that it has not applied is not applied, until the host is fenced.
 *
 * @param applied whether every host that is not fenced has applied it
 * @param waitingFor reachable hosts that have not applied it yet
 * @param unreachable unreachable hosts, not fenced, that had not applied it when last heard of
 * @param fenced fenced hosts that have not applied it
 */
public record AppliedReport(
    Revision revision,
    boolean applied,
    List<HostName> waitingFor,
    List<HostName> unreachable,
    List<HostName> fenced) {
  public AppliedReport {
    waitingFor = List.copyOf(waitingFor);
    unreachable = List.copyOf(unreachable);
    fenced = List.copyOf(fenced);
  }

  public static AppliedReport of(Revision revision, Collection<HostProgress> hosts) {
    List<HostProgress> behind =
        hosts.stream().filter(host -> host.applied().compareTo(revision) < 0).toList();
    List<HostName> waitingFor = names(behind, host -> !host.fenced() && host.reachable());
    List<HostName> unreachable = names(behind, host -> !host.fenced() && !host.reachable());
    List<HostName> fenced = names(behind, HostProgress::fenced);
    boolean applied = waitingFor.isEmpty() && unreachable.isEmpty();
    return new AppliedReport(revision, applied, waitingFor, unreachable, fenced);
  }

  /**
   * The newest revision, up to the current one, that is applied on every host that is not fenced.
   */
  public static Revision appliedEverywhere(Revision current, Collection<HostProgress> hosts) {
    return hosts.stream()
        .filter(host -> !host.fenced())
        .map(HostProgress::applied)
        .min(Comparator.naturalOrder())
        .filter(applied -> applied.compareTo(current) < 0)
        .orElse(current);
  }

  private static List<HostName> names(List<HostProgress> hosts, Predicate<HostProgress> which) {
    return hosts.stream().filter(which).map(HostProgress::host).sorted().toList();
  }
}
