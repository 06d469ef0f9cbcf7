/**
 * The HTTP interface: decodes requests into commands, answers from the current image, and streams
 * what changed.
 *
 * <p>It never changes state itself, never waits on an event loop, and never lets a stack trace out:
 * whatever goes wrong is answered as {@code application/problem+json} (RFC 9457).
 */
@NullMarked
package io.fynbos.controller.api;

import org.jspecify.annotations.NullMarked;
