/**
 * Commands become changes, or a refusal that names a fact. A decision is a function of the image,
 * the command and the ids that the caller supplies: it never does I/O, waits, or changes state
 * itself.
 */
@NullMarked
package io.fynbos.policy.decide;

import org.jspecify.annotations.NullMarked;
