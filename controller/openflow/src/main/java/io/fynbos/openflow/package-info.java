/** OpenFlow 1.5 on the wire and in session. It knows nothing of universes or policy. */
@NullMarked
package io.fynbos.openflow;

import org.jspecify.annotations.NullMarked;
