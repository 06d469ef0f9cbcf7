/**
 * Brings labs up and takes them down: namespaces, a private Open vSwitch for each host, the
 * product's processes, guests. It changes the fabric only through the product's own API.
 */
@NullMarked
package io.fynbos.labs.runner;

import org.jspecify.annotations.NullMarked;
