/**
 * Builds real fabrics in network namespaces and breaks them on purpose. No product code depends on
 * it.
 */
@NullMarked
package io.fynbos.labs;

import org.jspecify.annotations.NullMarked;
