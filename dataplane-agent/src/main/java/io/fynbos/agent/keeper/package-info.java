/**
 * The flow keeper: what was last applied to the switch, on disk, so that a switch that lost
 * everything gets it back without the controller. It copies flows; it never makes any.
 */
@NullMarked
package io.fynbos.agent.keeper;

import org.jspecify.annotations.NullMarked;
