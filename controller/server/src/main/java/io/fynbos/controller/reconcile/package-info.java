/**
 * Brings every switch to the newest image: reads back what is installed, compares it with what the
 * compiler says, sends the difference as one bundle, and keeps account of what each host has
 * applied.
 *
 * <p>It never changes the state; it only asks the controller to release numbers that rest. One
 * thread, "fleet", owns all of it, and never waits for a switch.
 */
@NullMarked
package io.fynbos.controller.reconcile;

import org.jspecify.annotations.NullMarked;
