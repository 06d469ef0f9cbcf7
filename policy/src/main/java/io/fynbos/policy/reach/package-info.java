/**
 * Who can talk to whom, on what: exactly, for a whole universe; what a change does to it; and rules
 * and groups that do nothing. It works on sets of services and classes of addresses, never on
 * samples, and judges nothing otherwise than {@code verdict} does.
 */
@NullMarked
package io.fynbos.policy.reach;

import org.jspecify.annotations.NullMarked;
