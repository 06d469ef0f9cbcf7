/**
 * May this packet pass? The definition of the firewall, written straight from the contract, without
 * any cleverness: what compiled tables and real switches do is tested against it. It never does I/O
 * and knows nothing of switches.
 */
@NullMarked
package io.fynbos.policy.verdict;

import org.jspecify.annotations.NullMarked;
