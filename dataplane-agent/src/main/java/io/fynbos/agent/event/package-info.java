/** The one thread that owns the agent's state, and how long to wait before trying again. */
@NullMarked
package io.fynbos.agent.event;

import org.jspecify.annotations.NullMarked;
