package io.fynbos.agent.jsonrpc;

import java.io.IOException;

/** The peer broke the protocol, refused the call, or went away. */
public final class JsonRpcException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Names what was wrong, for the log. */
  public JsonRpcException(String message) {
    super(message);
  }

  /** As above, with what caused it. */
  public JsonRpcException(String message, Throwable cause) {
    super(message, cause);
  }
}
