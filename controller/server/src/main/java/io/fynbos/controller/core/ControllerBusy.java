package io.fynbos.controller.core;

/**
 * More commands are waiting than the controller takes, or it is closing; the caller tries again.
 */
public final class ControllerBusy extends RuntimeException {
  private static final long serialVersionUID = 1;

  ControllerBusy(String message) {
    super(message, null, false, false);
  }
}
