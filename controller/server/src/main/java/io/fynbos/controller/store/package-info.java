/**
 * Keeps committed changes durably: a log of commits, and a snapshot of the image every so often so
 * that a start replays little.
 *
 * <p>It never decides anything, and it acknowledges nothing that a power cut could take away.
 */
@NullMarked
package io.fynbos.controller.store;

import org.jspecify.annotations.NullMarked;
