/**
 * OpenFlow 1.5 messages with the Nicira extensions, as Open vSwitch 3.1 sends and takes them: each
 * a record that encodes and decodes itself. What this package does not know it keeps as bytes, so
 * that reading back loses nothing. Texts are those of ovs-ofctl. No sockets, no threads, no clock.
 */
@NullMarked
package io.fynbos.openflow.wire;

import org.jspecify.annotations.NullMarked;
