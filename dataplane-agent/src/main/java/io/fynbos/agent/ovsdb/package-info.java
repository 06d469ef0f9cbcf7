/**
 * The Open vSwitch database: a client of RFC 7047 with the few tables the agent needs as records.
 * It replicates and transacts; what the rows should say is decided elsewhere.
 */
@NullMarked
package io.fynbos.agent.ovsdb;

import org.jspecify.annotations.NullMarked;
