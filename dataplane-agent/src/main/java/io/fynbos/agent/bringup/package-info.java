/**
 * What the host's Open vSwitch must look like before anything else works: the integration bridge,
 * the tunnel port, whom the bridge listens to. A pure comparison; ports, bridges and settings of
 * others are never touched.
 */
@NullMarked
package io.fynbos.agent.bringup;

import org.jspecify.annotations.NullMarked;
