/**
 * What switches say of rules, in words: which rule a cookie names, how often it was hit.
 *
 * <p>It keeps counters, and never asks a switch itself.
 */
@NullMarked
package io.fynbos.controller.rules;

import org.jspecify.annotations.NullMarked;
