/**
 * What the controller asks of the living switch: how a packet would go through it, and which
 * connections it tracks. Questions never hold up an order, have a deadline, are checked word by
 * word before any of it reaches the switch, and change nothing there.
 */
@NullMarked
package io.fynbos.agent.ask;

import org.jspecify.annotations.NullMarked;
