package io.fynbos.controller.reconcile;

import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.report.HostProgress;
import java.util.Optional;

/**
 * How far a host is.
 *
 * @param connected whether its switch has an OpenFlow session that has been read back
 * @param agent whether its agent follows its orders
 * @param installed the revision that the switch has confirmed by a barrier
 * @param applied the revision up to which revalidation is done as well
 * @param flows flows that the controller has on the switch
 * @param fault what stands in the way, for a person
 */
public record HostStatus(
    HostName host,
    boolean connected,
    boolean agent,
    Revision installed,
    Revision applied,
    int flows,
    Optional<String> fault) {

  /** How far it is, for the report. */
  HostProgress progress() {
    return new HostProgress(host, applied, connected, false);
  }
}
