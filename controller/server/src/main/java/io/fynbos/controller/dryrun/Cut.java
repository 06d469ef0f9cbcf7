package io.fynbos.controller.dryrun;

import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.report.TrackedConnection;
import java.util.Optional;

/**
 * An open connection that a change would end.
 *
 * @param host that tracks it; one of two when its ends are on different hosts
 */
public record Cut(
    UniverseName universe,
    TrackedConnection connection,
    Optional<EndpointRef> from,
    Optional<EndpointRef> to,
    HostName host) {}
