/** Ties the interfaces of libvirt domains to endpoints. It never decides policy. */
@NullMarked
package io.fynbos.vmattach;

import org.jspecify.annotations.NullMarked;
