/**
 * How far a revision has come: which hosts have applied it, which are awaited, which cannot be
 * reached. A function of what the hosts were last known to have done; it never asks them.
 */
@NullMarked
package io.fynbos.policy.report;

import org.jspecify.annotations.NullMarked;
