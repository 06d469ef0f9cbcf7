/**
 * Keeps the underlay addresses of other hosts resolved, so that the first packet to a host does not
 * have to wait, or be lost, while its MAC address is asked for.
 */
@NullMarked
package io.fynbos.agent.neighbour;

import org.jspecify.annotations.NullMarked;
