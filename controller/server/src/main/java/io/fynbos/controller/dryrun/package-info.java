/**
 * What a change would do, without doing it: to objects, flows, reach, and connections that are open
 * now.
 *
 * <p>It decides and compiles on images of its own, asks hosts what they track, and changes nothing
 * anywhere.
 */
@NullMarked
package io.fynbos.controller.dryrun;

import org.jspecify.annotations.NullMarked;
