/**
 * The client commands of the launcher: they read files, call the HTTP API and print what it says.
 *
 * <p>They know nothing that the API does not tell them, and they end with 0 (done), 1 (refused or
 * failed) or 2 (wrong usage).
 */
@NullMarked
package io.fynbos.controller.cli;

import org.jspecify.annotations.NullMarked;
