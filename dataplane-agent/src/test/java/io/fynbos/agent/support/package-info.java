/** Real daemons and hand-written peers for the agent's tests. */
@NullMarked
package io.fynbos.agent.support;

import org.jspecify.annotations.NullMarked;
