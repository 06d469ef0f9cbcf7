/**
 * The one written form of everything: documents as JSON and YAML, changes as the store keeps them,
 * and what hosts and the API tell each other. Readers are strict and name the path of what is
 * wrong; what is printed reads back equal. It never does I/O: bytes in, bytes out.
 */
@NullMarked
package io.fynbos.policy.wire;

import org.jspecify.annotations.NullMarked;
