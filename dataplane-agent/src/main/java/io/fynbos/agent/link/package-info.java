/**
 * The agent's side of the controller's HTTP API: it registers the host, reports what is attached,
 * and follows its orders. It keeps trying for as long as it runs; nothing here stops the switch
 * from forwarding while the controller is away.
 */
@NullMarked
package io.fynbos.agent.link;

import org.jspecify.annotations.NullMarked;
