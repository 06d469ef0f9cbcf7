/**
 * What a host's br-int must hold for an image: the full compile, which is the definition, and what
 * a change makes of it, which equals it. Pure functions of records. One class for each table or
 * small group of tables. It never looks at a switch.
 */
@NullMarked
package io.fynbos.controller.compile;

import org.jspecify.annotations.NullMarked;
