/**
 * The packets that flows cannot answer: a refused connection, an expired TTL, a packet too big for
 * the underlay. The answers are functions of the packet; the connection that carries them is the
 * agent's own, so they work without a controller. It never decides which packets come here.
 */
@NullMarked
package io.fynbos.agent.slowpath;

import org.jspecify.annotations.NullMarked;
