/**
 * Sends real packets between a lab's guests and compares what arrives with what the verdict oracle
 * says. Never reads a flow.
 */
@NullMarked
package io.fynbos.labs.check;

import org.jspecify.annotations.NullMarked;
