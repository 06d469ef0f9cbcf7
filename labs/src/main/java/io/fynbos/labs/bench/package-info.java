/** Measures the product inside a lab and prints what it measured. Asserts nothing. */
@NullMarked
package io.fynbos.labs.bench;

import org.jspecify.annotations.NullMarked;
