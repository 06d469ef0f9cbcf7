/** Knowing when the datapath's cached flows agree with the tables again. */
@NullMarked
package io.fynbos.agent.revalidate;

import org.jspecify.annotations.NullMarked;
