/**
 * JSON-RPC 1.0 over a byte stream, as Open vSwitch speaks it on its database socket (RFC 7047 §4)
 * and on its control sockets. Frames are bounded; whatever breaks the rules ends the session and
 * nothing else. It never interprets what a method means.
 */
@NullMarked
package io.fynbos.agent.jsonrpc;

import org.jspecify.annotations.NullMarked;
