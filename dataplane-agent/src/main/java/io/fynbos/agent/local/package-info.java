/**
 * The switch on this host, from its start to its end: seen to be there, given its flows back, let
 * go, and served over the agent's own connection.
 */
@NullMarked
package io.fynbos.agent.local;

import org.jspecify.annotations.NullMarked;
