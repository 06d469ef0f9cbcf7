package io.fynbos.controller.compile;

import java.util.Set;

/** The ICMP types that the tables name (RFC 792, 4443, 4861). */
final class Icmp {
  static final int ECHO_REPLY_V4 = 0;
  static final int ECHO_REQUEST_V4 = 8;
  static final int ECHO_REQUEST_V6 = 128;
  static final int ECHO_REPLY_V6 = 129;
  static final int ROUTER_SOLICITATION = 133;
  static final int NEIGHBOUR_SOLICITATION = 135;
  static final int NEIGHBOUR_ADVERTISEMENT = 136;
  static final int REDIRECT_V6 = 137;
  static final int NEIGHBOUR_HOP_LIMIT = 255;

  /** The types that open a connection for the tracker: echo, timestamp and information requests. */
  private static final Set<Integer> TRACKED_V4 = Set.of(8, 13, 15);

  private Icmp() {}

  /** Whether the tracker takes the type for the first packet of a connection. */
  static boolean opensConnection(boolean v6, int type) {
    return v6 ? type == ECHO_REQUEST_V6 : TRACKED_V4.contains(type);
  }
}
