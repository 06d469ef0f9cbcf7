package io.fynbos.controller.compile;

import io.fynbos.openflow.wire.Oxm;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.model.IpAddress;

/** Addresses as match fields. */
final class Addresses {
  private Addresses() {}

  /** The whole address in a field of its family. */
  static Oxm exact(OxmField field, IpAddress address) {
    return address.v6()
        ? Oxm.of(field, address.high(), address.low())
        : Oxm.of(field, address.low());
  }
}
