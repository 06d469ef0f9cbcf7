/**
 * The control socket of ovs-vswitchd, which {@code ovs-appctl} speaks: commands with words in and
 * text out, without starting a process for each.
 */
@NullMarked
package io.fynbos.agent.unixctl;

import org.jspecify.annotations.NullMarked;
