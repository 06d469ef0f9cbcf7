/**
 * What became of the packets whose rules, or whose universe, want it known: read from the packets
 * that the switch copies here, gathered within a bound, and told to the controller. Nothing here
 * makes a packet wait, and what is lost on the way is counted and told too.
 */
@NullMarked
package io.fynbos.agent.flowlog;

import org.jspecify.annotations.NullMarked;
