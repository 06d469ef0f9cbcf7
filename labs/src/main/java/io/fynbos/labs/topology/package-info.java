/**
 * What a lab is to look like: the records of a topology file and their reader. Reads files, never
 * touches the network.
 */
@NullMarked
package io.fynbos.labs.topology;

import org.jspecify.annotations.NullMarked;
