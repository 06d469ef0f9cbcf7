/**
 * The machine's own networking, as the lab needs it: commands, namespaces, raw sockets and frames.
 * Knows nothing of Fynbos.
 */
@NullMarked
package io.fynbos.labs.net;

import org.jspecify.annotations.NullMarked;
