package io.fynbos.controller.compile;

/** The ports of DHCP (RFC 2131, 8415). */
final class Dhcp {
  static final int UDP = 17;
  static final int SERVER_V4 = 67;
  static final int CLIENT_V4 = 68;
  static final int CLIENT_V6 = 546;
  static final int SERVER_V6 = 547;

  private Dhcp() {}
}
