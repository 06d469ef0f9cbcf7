package io.fynbos.policy.report;

import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.verdict.Transport;

/**
 * A connection that a host tracks, by the packet that opened it.
 *
 * @param zone the universe's number
 */
public record TrackedConnection(
    int zone, IpAddress source, IpAddress destination, Transport transport) {}
