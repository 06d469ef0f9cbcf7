/**
 * What the controller counts and measures, in Prometheus form. It decides nothing, and nobody waits
 * for it.
 */
@NullMarked
package io.fynbos.controller.metrics;

import org.jspecify.annotations.NullMarked;
