/**
 * Answers questions from a zone view and decides whether a node may announce itself. It never reads
 * the image directly.
 */
@NullMarked
package io.fynbos.dns;

import org.jspecify.annotations.NullMarked;
