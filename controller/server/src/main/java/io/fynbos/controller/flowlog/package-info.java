/**
 * The flow log: what hosts report of logged packets, with names in place of numbers, kept for a
 * while in memory for those who follow and longer in files.
 *
 * <p>It never makes a host, a reader or the disk wait: what does not fit is dropped and counted.
 */
@NullMarked
package io.fynbos.controller.flowlog;

import org.jspecify.annotations.NullMarked;
