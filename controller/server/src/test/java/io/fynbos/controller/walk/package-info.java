/**
 * A switch in miniature: packets walk through compiled tables as they would through Open vSwitch,
 * with registers, conjunctions, resubmits and connection tracking. Its own code, and not the
 * compiler's, says what a flow means.
 */
@NullMarked
package io.fynbos.controller.walk;

import org.jspecify.annotations.NullMarked;
