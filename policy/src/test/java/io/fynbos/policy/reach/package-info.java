@NullMarked
package io.fynbos.policy.reach;

import org.jspecify.annotations.NullMarked;
