/**
 * Underlay paths, internet egress, announcements and the drain, as functions of records. It never
 * speaks to a switch.
 */
@NullMarked
package io.fynbos.routing;

import org.jspecify.annotations.NullMarked;
