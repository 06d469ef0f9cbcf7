/**
 * The packets that flows cannot deal with alone. A refused connection, an expired TTL and a packet
 * too big for the underlay are answered here, by functions of the packet; what is to be logged and
 * who claims an address is handed on. The connection that carries them is the agent's own, so this
 * works without a controller. It never decides which packets come here.
 */
@NullMarked
package io.fynbos.agent.slowpath;

import org.jspecify.annotations.NullMarked;
