/**
 * Why a packet passes or not: by the rules, and by the tables of the switches as they are.
 *
 * <p>It asks switches through their agents, and changes nothing anywhere.
 */
@NullMarked
package io.fynbos.controller.trace;

import org.jspecify.annotations.NullMarked;
