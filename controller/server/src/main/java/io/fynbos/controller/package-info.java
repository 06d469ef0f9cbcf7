/** The controller process: one event thread, a store, an API and a session to every switch. */
@NullMarked
package io.fynbos.controller;

import org.jspecify.annotations.NullMarked;
