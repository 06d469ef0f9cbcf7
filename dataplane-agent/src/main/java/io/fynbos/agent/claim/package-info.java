/**
 * Addresses that several endpoints may have and one of them has: a guest that takes one over says
 * so on its link, the switch copies that here, and the controller is told. Whether the endpoint may
 * have the address is for the pipeline and the controller to know.
 */
@NullMarked
package io.fynbos.agent.claim;

import org.jspecify.annotations.NullMarked;
