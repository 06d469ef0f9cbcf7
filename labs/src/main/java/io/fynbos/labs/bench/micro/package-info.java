/**
 * Measures single functions of the pure core with JMH: no lab, no network, no disk. Each class
 * states what one call contains.
 */
@NullMarked
package io.fynbos.labs.bench.micro;

import org.jspecify.annotations.NullMarked;
