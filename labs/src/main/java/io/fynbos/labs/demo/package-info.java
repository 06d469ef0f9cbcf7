/** Scenes that a lab can play, each measured. They report what happened and judge nothing. */
@NullMarked
package io.fynbos.labs.demo;

import org.jspecify.annotations.NullMarked;
