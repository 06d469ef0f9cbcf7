/**
 * Which endpoints have their port on this host, as the database shows it. What that means for the
 * fabric is the controller's to decide.
 */
@NullMarked
package io.fynbos.agent.binding;

import org.jspecify.annotations.NullMarked;
