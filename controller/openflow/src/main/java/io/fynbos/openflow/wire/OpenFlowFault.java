package io.fynbos.openflow.wire;

/** The peer broke the protocol: the one exception that decoding what a peer sent may throw. */
public final class OpenFlowFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A fault told in one sentence with the values that show it. */
  public OpenFlowFault(String message) {
    super(message);
  }

  /** A fault found by a library, kept as the cause. */
  public OpenFlowFault(String message, Throwable cause) {
    super(message, cause);
  }
}
