package io.fynbos.controller.cli;

/** Ends a command with status 1; the message is all that the user sees. */
final class ClientFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClientFailure(String message) {
    super(message, null, false, false);
  }
}
