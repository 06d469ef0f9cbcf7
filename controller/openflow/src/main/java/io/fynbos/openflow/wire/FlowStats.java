package io.fynbos.openflow.wire;

import java.time.Duration;

/** A flow that a switch holds, with what it counted. */
public record FlowStats(FlowEntry flow, long packets, long bytes, Duration age, Duration idle) {}
