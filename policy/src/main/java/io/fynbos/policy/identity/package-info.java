/**
 * Which identity a set of groups of a universe has: found, woken from its rest, or allocated; and
 * which identities and numbers may be freed. It only says which changes that takes.
 */
@NullMarked
package io.fynbos.policy.identity;

import org.jspecify.annotations.NullMarked;
