/**
 * Builds the same logical network in OVN and in Fynbos, one after the other on this machine, and
 * measures both in the same way.
 */
@NullMarked
package io.fynbos.labs.bench.ovn;

import org.jspecify.annotations.NullMarked;
