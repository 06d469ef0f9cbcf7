package io.fynbos.controller.pipeline;

import io.fynbos.openflow.wire.OxmField;
import io.fynbos.openflow.wire.Subfield;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;

/** The router that every guest sees, the same at each port, and the ends of what it routes. */
public final class Router {
  public static final Mac MAC = Mac.parse("0e:00:00:00:00:01");
  public static final IpAddress V4 = IpAddress.parse("169.254.1.1");
  public static final IpAddress V6 = IpAddress.parse("fe80::1");

  /** The OpenFlow port of the tunnel on every host. */
  public static final int TUNNEL_PORT = 65000;

  /** The longest IP packet that a guest may send to another host. */
  public static final int GUEST_MTU_BYTES = 1450;

  /** The longest frame of a guest: its MTU and an Ethernet header. */
  public static final int FRAME_BYTES_MAX = GUEST_MTU_BYTES + 14;

  /**
   * Inside a tunnel the Ethernet addresses mean nothing to a guest. These two bits of the source
   * carry {@link Flag#verdicts} from host to host.
   */
  public static final Subfield VERDICTS = new Subfield(OxmField.ETH_SRC, 8, 2);

  private Router() {}
}
