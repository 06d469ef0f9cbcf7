/** Fixtures of the policy module's tests, which serve the tests of the modules above too. */
@NullMarked
package io.fynbos.policy;

import org.jspecify.annotations.NullMarked;
