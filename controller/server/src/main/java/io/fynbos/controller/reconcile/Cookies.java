package io.fynbos.controller.reconcile;

/** Who owns a flow, by the top byte of its cookie. */
final class Cookies {

  private static final long CONTROLLER = 0x01;
  private static final long AGENT = 0x02;

  private Cookies() {}

  static boolean controllers(long cookie) {
    return cookie >>> 56 == CONTROLLER;
  }

  static boolean agents(long cookie) {
    return cookie >>> 56 == AGENT;
  }
}
