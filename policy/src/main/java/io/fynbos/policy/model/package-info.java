/** The nouns of the fabric as immutable records that check themselves. It never does I/O. */
@NullMarked
package io.fynbos.policy.model;

import org.jspecify.annotations.NullMarked;
