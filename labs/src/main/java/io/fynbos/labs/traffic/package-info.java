/**
 * Packets of the lab's own making, put on guests' interfaces and looked for there. Never asks the
 * fabric whether they should arrive.
 */
@NullMarked
package io.fynbos.labs.traffic;

import org.jspecify.annotations.NullMarked;
