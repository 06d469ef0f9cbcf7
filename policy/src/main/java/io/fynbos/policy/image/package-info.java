/**
 * The whole state of the fabric at a revision, immutable, with the indexes that make each question
 * cheap, and the changes that lead from one image to the next. Nothing else changes state. It never
 * decides, does I/O or looks at a clock.
 */
@NullMarked
package io.fynbos.policy.image;

import org.jspecify.annotations.NullMarked;
