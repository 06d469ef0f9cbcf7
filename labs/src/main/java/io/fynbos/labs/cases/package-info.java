/**
 * Cases: policies, and a table of what becomes of packets under them, written down by people. They
 * are judged by the oracle and played with real packets; neither decides what is right, the table
 * does.
 */
@NullMarked
package io.fynbos.labs.cases;

import org.jspecify.annotations.NullMarked;
