/**
 * The one road of state: commands in, decisions, a durable commit, the next image, published.
 *
 * <p>One event thread owns it all. It waits for the disk, never for the network, and it does
 * nothing to a switch.
 */
@NullMarked
package io.fynbos.controller.core;

import org.jspecify.annotations.NullMarked;
