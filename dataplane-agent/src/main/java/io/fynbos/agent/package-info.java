/** The process on every host that owns its Open vSwitch. It never decides policy. */
@NullMarked
package io.fynbos.agent;

import org.jspecify.annotations.NullMarked;
