package io.fynbos.agent.ovsdb;

import java.io.IOException;

/** The database server answered with something that RFC 7047 or the schema does not allow. */
public final class OvsdbException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Names what was expected and what was found. */
  public OvsdbException(String message) {
    super(message);
  }
}
